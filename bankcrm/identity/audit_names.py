"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words

ACTIONS = {
    "candidates.view": _("Opened the possible duplicates"),
    "data_work.view": _("Opened the data work"),
    "data_work.take": _("Took a piece of data work"),
    "data_work.close": _("Closed a piece of data work"),
}

audit_words.register(ACTIONS, group=_("Loads and data"))
