"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words

ACTIONS = {
    "user.preferences": _("Changed own preferences"),
}
VALUES = {
    "language": _("Language"),
    "money_unit": _("Unit of money"),
    "rise_is_red": _("Red rises, green falls"),
}

audit_words.register(ACTIONS, group=_("Logins and users"), about_customers=False)
audit_words.register_values(VALUES)
