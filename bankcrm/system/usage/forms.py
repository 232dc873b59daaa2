"""What is chosen on the page of usage."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.scope import Scope
from bankcrm.org.queries import visible_units
from bankcrm.org.roles import ROLES
from bankcrm.system.usage import queries
from bankcrm.system.usage.periods import Period
from bankcrm.system.usage.queries import Wanted
from bankcrm.system.usage_models import Usage

PICKLIST = {"data-picklist": ""}
EARLIEST = date(2000, 1, 1)
BY = {
    "unit": _("By unit"),
    "role": _("By role"),
    "user": _("By user"),
    "function": _("By function"),
    "idle": _("Not used by"),
}


def _choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, widget=forms.Select(attrs=PICKLIST))


class UsageForm(forms.Form):
    """One period and what narrows it. Whatever stays empty does not narrow; without a day, today's period."""

    grain = forms.ChoiceField(label=_("Period"), choices=Usage.Grain.choices, required=False, widget=forms.HiddenInput)
    on = forms.DateField(
        label=_("With the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    unit = _choice(_("Unit and those below it"))
    role = _choice(_("Role"))
    function = _choice(_("Function"))
    by = forms.ChoiceField(label=_("Table"), choices=BY.items(), required=False, widget=forms.HiddenInput)

    def __init__(self, query: QueryDict, *, scope: Scope) -> None:
        super().__init__(query)
        self.units = {unit.code: unit for unit in visible_units(scope).order_by("no")}
        self._choices("unit", [(unit.code, f"{'　' * unit.depth}{unit.label}") for unit in self.units.values()])
        self._choices("role", [(role.code, role.label) for role in ROLES.values()])
        named = [(code, str(label)) for code, label in queries.function_labels().items()]
        self._choices("function", sorted(named, key=lambda pair: pair[1]))

    def _choices(self, name: str, found: list[Any]) -> None:
        self.fields[name].choices = [("", _("All")), *found]  # type: ignore[attr-defined]

    def clean_on(self) -> date | None:
        """A day that has come, and that a bank can have known."""
        on: date | None = self.cleaned_data["on"]
        if on is not None and on > dates.today():
            raise forms.ValidationError(_("This day has not come yet."))
        if on is not None and on < EARLIEST:
            raise forms.ValidationError(_("Nothing was counted so long ago."))
        return on

    @property
    def period(self) -> Period:
        """The period of a valid form: this week unless said."""
        return Period.of(self.cleaned_data["on"] or dates.today(), self.cleaned_data["grain"] or "week")

    def wanted(self) -> Wanted:
        """What a valid form looks at."""
        values = self.cleaned_data
        return Wanted(self.period, self.units.get(values["unit"]), values["role"], values["function"])

    @property
    def table(self) -> str:
        """Which table is asked for."""
        return self.cleaned_data["by"] or "unit"
