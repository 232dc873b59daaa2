"""What may be typed on the pages of the audit."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words
from bankcrm.core.scope import Scope
from bankcrm.org.queries import visible_units
from bankcrm.system import audit_queries
from bankcrm.system.audit_queries import Wanted

MOMENT = "%Y-%m-%dT%H:%M"
PICKLIST = {"data-picklist": ""}
NOT_THERE = {
    "customer": _("No customer with this number is in your scope. Type the whole number."),
    "unit": _("No such unit is in your scope."),
}


def moment_field(label: Any) -> forms.DateTimeField:
    """A day with its time, in the bank's zone; may stay empty."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[MOMENT, "%Y-%m-%d"], required=False)


class AuditForm(forms.Form):
    """Which events. Whatever stays empty does not narrow, save the time: the last seven days."""

    since = moment_field(_("From"))
    until = moment_field(_("To"))
    person = forms.CharField(label=_("Employee number"), max_length=20, required=False)
    customer = forms.CharField(label=_("Customer number"), max_length=20, required=False)
    action = forms.ChoiceField(label=_("Action"), required=False, widget=forms.Select(attrs=PICKLIST))
    object_type = forms.ChoiceField(label=_("Kind of object"), required=False, widget=forms.Select(attrs=PICKLIST))
    object_id = forms.CharField(label=_("Key of the object"), max_length=80, required=False)
    unit = forms.ChoiceField(label=_("Unit and those below it"), required=False, widget=forms.Select(attrs=PICKLIST))
    address = forms.CharField(label=_("Address"), max_length=64, required=False)

    def __init__(self, query: QueryDict, *, scope: Scope, without: tuple[str, ...] = ()) -> None:
        super().__init__(query)
        self.scope = scope
        hidden = () if scope.may(audit_words.SEES_CUSTOMERS) else ("customer",)
        for name in (*without, *hidden):
            del self.fields[name]
        self._choices("action", _grouped_actions())
        kinds = ((one, str(audit_words.object_label(one))) for one in audit_queries.object_types())
        self._choices("object_type", sorted(kinds, key=lambda kind: kind[1]))
        if "unit" in self.fields:
            units = visible_units(scope).order_by("no")
            self._choices("unit", [(unit.code, f"{'　' * unit.depth}{unit.label}") for unit in units])

    def _choices(self, name: str, found: list[Any]) -> None:
        if name in self.fields:
            self.fields[name].choices = [("", _("All")), *found]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """From before to."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since >= until:
            self.add_error("until", _("The end lies before the beginning."))
        return data

    def wanted(self, **fixed: str) -> Wanted:
        """The filter, once the form is valid. `until` is the end of the minute that was typed."""
        data = {name: value for name, value in self.cleaned_data.items() if value}
        until = data.pop("until", None)
        since = data.pop("since", None) or audit_queries.first_moment()
        end = until + timedelta(minutes=1) if until else timezone.now() + timedelta(minutes=1)
        if since >= end:
            since = end - timedelta(days=audit_queries.DAYS)
        return Wanted(since=since, until=end, **{name: str(value).strip() for name, value in data.items()}, **fixed)

    def tell_missing(self, field: str) -> None:
        """Says of a field that what it names is not there."""
        self.add_error(field if field in self.fields else None, NOT_THERE[field])


def _grouped_actions() -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in audit_words.actions().values():
        groups.setdefault(str(one.group), []).append((one.code, str(one.label)))
    return [(group, sorted(found, key=lambda pair: pair[1])) for group, found in sorted(groups.items())]
