"""What the reader of the service tab asks for."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bankcrm.customers.forms import LONGEST_PERIOD_DAYS, day_field
from bankcrm.customers.queries.service import ServiceFilter
from bankcrm.customers.service_codes import InteractionKind


class ServiceFilterForm(forms.Form):
    """Which contacts. Whatever is left empty does not narrow."""

    from_on = day_field(_("From"), required=False)
    to_on = day_field(_("To"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *InteractionKind.choices], required=False)

    def clean(self) -> dict[str, Any]:
        """From before to, and not too long."""
        data = super().clean() or {}
        first, last = data.get("from_on"), data.get("to_on")
        if first and last and first > last:
            self.add_error("to_on", _("The end lies before the beginning."))
        elif first and last and (last - first).days > LONGEST_PERIOD_DAYS:
            self.add_error("from_on", _("Ask for at most five years at a time."))
        return data

    def wanted(self, period: tuple[date, date]) -> ServiceFilter:
        """What was asked for; days that were not named are those of the period."""
        data = self.cleaned_data
        first, last = period
        to_on = data.get("to_on") or max(last, data.get("from_on") or last)
        from_on = data.get("from_on") or min(first, to_on)
        return ServiceFilter(from_on, to_on, data.get("kind") or "")
