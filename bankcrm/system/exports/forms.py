"""What is looked for among exports and prints."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bankcrm.core.exporting import codes
from bankcrm.core.exporting.codes import Fault
from bankcrm.core.models import ExportRecord
from bankcrm.core.scope import Scope
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import visible_units
from bankcrm.system.exports.queries import Search

FAULTS = {
    Fault.LENGTH: _("A tracing code has ten characters, in two groups of five."),
    Fault.CHARACTER: _("Tracing codes have digits from 2 to 9 and letters, but never I, L or O."),
    Fault.CHECK: _("The last character does not fit the others: one was misread, or two changed places."),
}
LONGEST_CODE = 40


class Units(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Units as a tree: those below are set in."""

    def label_from_instance(self, obj: OrgUnit) -> str:
        """The unit's name, set in by its depth."""
        return f"{'　' * obj.depth}{obj.label}"


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class SearchForm(forms.Form):
    """GET parameters of the list."""

    code = forms.CharField(label=_("Tracing code"), required=False, max_length=LONGEST_CODE)
    user = forms.CharField(label=_("Employee number or name"), required=False, max_length=40)
    unit = Units(label=_("Unit and below"), queryset=OrgUnit.objects.none(), required=False, empty_label=_("All"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *ExportRecord.Kind.choices], required=False)
    since = _day(_("From"))
    until = _day(_("To"))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, Units)  # noqa: S101
        field.queryset = visible_units(scope).order_by("no")

    def clean_code(self) -> str:
        """The code as it is kept, however it was typed."""
        typed: str = self.cleaned_data["code"].strip()
        try:
            return codes.read(typed) if typed else ""
        except codes.NotACode as error:
            raise ValidationError(FAULTS[error.fault]) from error

    def clean(self) -> dict[str, Any]:
        """The first day is not after the last."""
        values: dict[str, Any] = self.cleaned_data
        if values.get("since") and values.get("until") and values["since"] > values["until"]:
            self.add_error("until", _("This is before the first day."))
        return values

    def wanted(self) -> Search:
        """What a valid form looks for."""
        values = self.cleaned_data
        return Search(
            values["code"], values["user"].strip(), values["unit"], values["kind"], values["since"], values["until"]
        )
