"""Forms about units. They read what was typed; whether it may be is decided by the actions."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.org.actions.units import UnitFacts
from bankcrm.org.models import OrgUnit

# Generic to the type checker only.
if TYPE_CHECKING:
    UnitField = forms.ModelChoiceField[OrgUnit]
else:
    UnitField = forms.ModelChoiceField


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Puts an action's objections where they belong: beside a field of the form, else above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def day_field(label: Any, **rest: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **rest)


def reason_field() -> forms.CharField:
    """Why: asked for with whatever is hard to undo."""
    return forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2, "class": "wide"}))


class UnitChoice(UnitField):
    """A unit, shown with its depth in the tree."""

    def __init__(self, rows: "QuerySet[OrgUnit]", **rest: Any) -> None:
        super().__init__(queryset=rows, **{"empty_label": "–", **rest})

    def label_from_instance(self, obj: Any) -> str:
        """Code and name, set in by depth."""
        return f"{'　' * obj.depth}{obj.code} {obj.label}"


class UnitForm(forms.Form):
    """What is said of a unit; for a new one its code and where it stands, too."""

    code = forms.CharField(label=_("Unit code"), max_length=20)
    name = forms.CharField(label=_("Name (Chinese)"), max_length=100)
    name_en = forms.CharField(label=_("Name (English)"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrgUnit.Kind.choices)
    region = forms.CharField(label=_("Region"), max_length=60, required=False)
    opened_on = day_field(_("Unit opened on"), required=False)

    def __init__(self, *args: Any, unit: OrgUnit | None = None, parents: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if unit is not None:
            del self.fields["code"]
            self.initial = {name: getattr(unit, name) for name in self.fields}
        if parents is not None:
            self.fields["parent"] = UnitChoice(parents, label=_("Under"), empty_label=None)
            self.order_fields(["parent", "code"])
        if unit is None or unit.parent_id is not None:
            kinds: Any = self.fields["kind"]
            kinds.choices = [one for one in OrgUnit.Kind.choices if one[0] != OrgUnit.Kind.HEAD_OFFICE]

    def facts(self) -> UnitFacts:
        """What was entered."""
        data = self.cleaned_data
        return UnitFacts(data["name"], data["name_en"], data["kind"], data["region"], data["opened_on"])


class MoveForm(forms.Form):
    """Where to, and why."""

    reason = reason_field()

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = UnitChoice(parents, label=_("New unit above it"))
        self.order_fields(["parent", "reason"])


class CloseForm(forms.Form):
    """From when on, and why."""

    on = day_field(_("Closed from"))
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", dates.today())


class ReopenForm(forms.Form):
    """Why."""

    reason = reason_field()


class MergeForm(forms.Form):
    """Into which unit, from when on, and why."""

    on = day_field(_("Merged on"))
    reason = reason_field()

    def __init__(self, *args: Any, targets: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", dates.today())
        hint = _("Open units that do the same work, at its level of the bank or above.")
        self.fields["into"] = UnitChoice(targets, label=_("Goes up in"), help_text=hint)
        self.order_fields(["into", "on", "reason"])
