"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words

ACTIONS = {
    "customer.tag": _("Put a tag on"),
    "customer.untag": _("Took a tag off"),
    "tag.create": _("Made a tag"),
    "tag.close": _("Closed a tag"),
}
VALUES = {
    "customer_tag": _("Tag"),
    "tags": _("Tags"),
}

audit_words.register(ACTIONS, group=_("Customers"))
audit_words.register_values(VALUES)
