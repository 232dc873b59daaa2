"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words

ACTIONS = {
    "tier_table.set": _("Set the tier table"),
    "tier_table.withdraw": _("Withdrew a tier table"),
}
VALUES = {
    "first_month": _("First month"),
    "levels": _("Levels"),
    "threshold": _("Threshold"),
    "fall_months": _("Months below until the fall"),
    "name_en": _("English name"),
}

audit_words.register(ACTIONS, group=_("System"), about_customers=False)
audit_words.register_values(VALUES)
