"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words

ACTIONS = {
    "load.order": _("Ordered a load"),
    "load.cancel": _("Asked for a load's end"),
    "load.start": _("Began a load"),
    "load.customers_back": _("Took customers in again who opened something after they were erased"),
    "build.publish": _("Published a build"),
    "ledger.explain": _("Explained a difference from the ledger"),
    "ledger.accounts": _("Opened the accounts behind a ledger cell"),
    "rejects.order": _("Asked for a file of rejected rows"),
    "rejects.download": _("Downloaded rejected rows"),
}
VALUES = {
    "folder": _("Folder"),
    "changed": _("Changed rows"),
    "chosen": _("What was chosen"),
    "skip": _("From line"),
    "explanation": _("Explanation"),
    "status": _("Status"),
}

audit_words.register(ACTIONS, group=_("Loads and data"), about_customers=False)
audit_words.register_values(VALUES)
