"""The form of a parameter's value."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import dates, parameters
from bankcrm.core.forms import add_errors
from bankcrm.core.parameters import Label, Parameter
from bankcrm.org.models import OrgUnit
from bankcrm.system import rules

BANK = ""


class ParameterForm(forms.Form):
    """A value from a day on, for the bank or a unit; the value is checked by the parameter itself."""

    place = forms.ChoiceField(label=gettext_lazy("Where"), required=False)
    value = forms.CharField(label=gettext_lazy("Value"), required=False, strip=True)
    from_on = forms.DateField(
        label=gettext_lazy("Counts from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)

    def __init__(self, *args: Any, parameter: Parameter, units: list[OrgUnit], for_bank: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parameter = parameter
        self.units = {str(unit.pk): unit for unit in units}
        bank = [(BANK, _("Whole bank"))] if for_bank else []
        named = [(pk, f"{'　' * unit.depth}{unit.code} {unit.label}") for pk, unit in self.units.items()]
        self._choices("place", [*bank, *named])
        self.fields["place"].required = not for_bank
        if len(bank + named) < 2:
            self.fields["place"].widget = forms.HiddenInput()
            self.initial.setdefault("place", (bank + named)[0][0] if bank + named else BANK)
        self._value_field()
        self.initial.setdefault("from_on", dates.today())

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices

    def _value_field(self) -> None:
        parameter, field = self.parameter, self.fields["value"]
        if parameter.options is not None:
            self._options_field(parameter.options)
            return
        if parameter.choices is not None:
            field.widget = forms.Select(choices=list(parameter.choices.items()))
        elif parameter.kind is bool:
            field.widget = forms.Select(choices=[("true", _("Yes")), ("false", _("No"))])
        elif rules.is_long(parameter):
            field.widget = forms.Textarea(attrs={"rows": 4})
        elif parameter.kind is not str:
            field.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        allowed, measure = rules.bounds(parameter), str(parameter.unit_of_measure)
        if parameter.choices is None and parameter.kind is not bool:
            field.help_text = " · ".join(filter(None, [measure, str(allowed)]))

    def _options_field(self, options: Mapping[str, Label]) -> None:
        """Every option by name, those ticked that count today."""
        parameter, label = self.parameter, self.fields["value"].label
        boxes = forms.CheckboxSelectMultiple()
        several = forms.MultipleChoiceField(label=label, required=False, choices=list(options.items()), widget=boxes)
        self.fields["value"] = several
        self.initial.setdefault("value", parameter.picked(str(parameters.value(parameter.key))))

    def clean_value(self) -> Any:
        """What the parameter makes of it; its own words where it refuses."""
        if self.parameter.options is not None:
            return self.parameter.read(",".join(self.cleaned_data["value"]) or self.parameter.no_option)
        entered: str = self.cleaned_data["value"]
        if self.parameter.kind is not str:
            if not entered:
                raise ValidationError(_("Please enter a value."))
            entered = entered.replace(",", "").replace("，", "")
        return self.parameter.read(entered)

    def unit(self) -> OrgUnit | None:
        """The chosen unit; None for the bank."""
        return self.units.get(self.cleaned_data["place"])

    def take(self, error: ValidationError) -> None:
        """Shows an action's errors: at the form's own fields, or else above it."""
        add_errors(self, error)
