"""Settings of approvals."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register, register_group

register_group("approvals", _("Approvals"))
DUE_DAYS = register(
    Parameter("approvals.due_days", int, 3, _("An approval is to be decided within"), _("days"), 1, 60, four_eyes=True)
)
