"""The form of a line of the menu, and of a link to another system."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import extensions
from bankcrm.core.forms import add_errors
from bankcrm.org.models import OrgUnit
from bankcrm.org.roles import ROLES
from bankcrm.system.menu_models import MenuLine
from bankcrm.system.menus.rules import ICONS


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Units as a tree: those below are set in."""

    def label_from_instance(self, obj: OrgUnit) -> str:
        """The unit's name, set in by its depth."""
        return f"{'　' * obj.depth}{obj.label}"


class LineForm(forms.Form):
    """Names, icon and who sees the line. Nothing here gives or takes a right."""

    label_zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=30, required=False)
    label_en = forms.CharField(label=gettext_lazy("English name"), max_length=40, required=False)
    is_hidden = forms.BooleanField(label=gettext_lazy("Hidden for everybody"), required=False)
    unit = UnitChoice(
        label=gettext_lazy("Only at unit and below"),
        queryset=OrgUnit.objects.none(),
        required=False,
        empty_label=gettext_lazy("All units"),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Only for roles (none: all)"),
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    icon = forms.CharField(max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, roles = self.fields["unit"], self.fields["roles"]
        assert isinstance(unit, UnitChoice)  # noqa: S101
        assert isinstance(roles, forms.MultipleChoiceField)  # noqa: S101
        unit.queryset = OrgUnit.objects.filter(closed_on=None).order_by("no")
        roles.choices = [(role.code, role.label) for role in ROLES.values()]

    @property
    def icons(self) -> list[tuple[str, bool]]:
        """The set, and which of it is chosen."""
        now = self["icon"].value() or ""
        return [(name, name == now) for name in ICONS]

    def values(self) -> dict[str, Any]:
        """What a valid form sets."""
        return dict(self.cleaned_data)

    def take(self, error: ValidationError) -> None:
        """Shows an action's errors: at the form's own fields, or else above it."""
        add_errors(self, error)


class LinkForm(LineForm):
    """The same for a link, with where it leads."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("https:// only; opens in a new tab."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}),
    )
    parent = forms.ChoiceField(label=gettext_lazy("Module"), choices=[], required=False)
    parameter = forms.CharField(
        label=gettext_lazy("Hand over the employee number as"),
        max_length=32,
        required=False,
        help_text=gettext_lazy(
            "A parameter's name; empty: nothing. Never a password or token: the other system logs in itself."
        ),
    )
    field_order = ("label_zh", "label_en", "url", "parent", "parameter", "is_hidden", "unit", "roles", "icon")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label_zh"].required = self.fields["label_en"].required = True
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ChoiceField)  # noqa: S101
        modules = [(one.code, one.label) for one in extensions.menu if not one.parent]
        parent.choices = [("", _("A module of its own")), *modules]


def initial_of(row: MenuLine) -> dict[str, Any]:
    """What is set, for a form."""
    names = ("label_zh", "label_en", "icon", "is_hidden", "roles", "url", "parent", "parameter")
    return {name: getattr(row, name) for name in names} | {"unit": row.unit_id}
