"""What the audit calls the actions of this app."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words

ACTIONS = {
    "insights.cell_opened": _("Opened the customers of a cell"),
    "insights.cells_forgotten": _("Forgot opened cells"),
    "insights.cross_exported": _("Exported the cross view"),
}
VALUES = {
    "measure": _("Measure"),
    "sets": _("Cells"),
    "customers": _("Customers"),
}

audit_words.register(ACTIONS, group=_("Customers"))
audit_words.register_values(VALUES)
