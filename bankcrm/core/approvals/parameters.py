"""Settings of approvals."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register

DUE_DAYS = register(Parameter("approvals.due_days", int, 3, _("An approval is to be decided within"), _("days"), 1, 60))
