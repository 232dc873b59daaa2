"""The filter of the customers list: a form of GET parameters, read into conditions that show as chips."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.money import to_fen
from bankcrm.core.scope import Scope, range_q
from bankcrm.core.ui.figures import MoneyFormat
from bankcrm.core.wording import listed
from bankcrm.customers import codes
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.listing import Condition, Rights, covered_by, holding_q
from bankcrm.customers.queries.search import name_q
from bankcrm.org.models import OrgUnit, User
from bankcrm.org.queries import visible_units

UNASSIGNED = "none"
RANGES: dict[str, tuple[str, Promise]] = {
    "aum_end": ("aum_end_fen", _("AUM")),
    "aum_average": ("aum_average_fen", _("AUM month average")),
    "aum_change": ("aum_change_fen", _("AUM against last month")),
    "deposit_end": ("deposit_end_fen", _("Deposits")),
    "deposit_average": ("deposit_average_fen", _("Deposit month average")),
    "loan_end": ("loan_end_fen", _("Loans")),
}
DAYS: dict[str, tuple[str, Promise]] = {
    "since": ("since_on", _("Customer since")),
    "contact": ("last_contact_on", _("Last contact")),
}
MATURING = (("7", _("within 7 days")), ("30", _("within 30 days")), ("90", _("within 90 days")))
LARGEST = Decimal("1e14")


class DayInput(forms.DateInput):
    """The browser's own day picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Units as a tree: those below are set in."""

    def label_from_instance(self, obj: OrgUnit) -> str:
        """The unit's name, set in by its depth."""
        return f"{'　' * obj.depth}{obj.label}"


PICKLIST = {"data-picklist": ""}


class FilterForm(forms.Form):
    """All fields of the filter. Amounts are in the unit that `u` names: an address means the same to everybody."""

    name = forms.CharField(label=_("Name contains"), required=False, max_length=60)
    unit = UnitField(
        label=_("Owning unit"),
        queryset=OrgUnit.objects.none(),
        required=False,
        empty_label=_("All"),
        widget=forms.Select(attrs=PICKLIST),
    )
    exact = forms.BooleanField(label=_("Only this unit, without those below"), required=False)
    manager = forms.CharField(label=_("Manager"), required=False, max_length=20)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *codes.Kind.choices], required=False)
    line = forms.MultipleChoiceField(
        label=_("Business line"),
        choices=codes.BusinessLine.choices,
        required=False,
        widget=forms.SelectMultiple(attrs=PICKLIST),
    )
    holds = forms.MultipleChoiceField(
        label=_("Holds product of class"),
        choices=codes.ProductClass.choices,
        required=False,
        widget=forms.SelectMultiple(attrs=PICKLIST),
    )
    industry = forms.ChoiceField(label=_("Industry"), choices=[("", _("All")), *codes.Industry.choices], required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("All")), *Customer.Status.choices], required=False)
    matures = forms.ChoiceField(label=_("Something matures"), choices=[("", "–"), *MATURING], required=False)
    never = forms.BooleanField(label=_("Never contacted"), required=False)
    u = forms.ChoiceField(
        choices=[("1", ""), ("10000", ""), ("100000000", "")],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data: QueryDict | None, *, scope: Scope) -> None:
        super().__init__(data)
        self.scope, self.rights = scope, Rights.of(scope)
        self.fields["unit"].queryset = visible_units(scope)  # type: ignore[attr-defined]
        if self.rights.figures and self.rights.totals:
            for code in RANGES:
                self._add_pair(
                    code,
                    lambda: forms.DecimalField(required=False, min_value=-LARGEST, max_value=LARGEST),
                    "min",
                    "max",
                )
            self._add_pair(
                "products", lambda: forms.IntegerField(required=False, min_value=0, max_value=9999), "min", "max"
            )
        for code in DAYS:
            self._add_pair(code, lambda: forms.DateField(required=False, widget=DayInput()), "from", "to")
        if not self.rights.names:
            del self.fields["name"]

    def _add_pair(self, code: str, make: Any, low: str, high: str) -> None:
        self.fields[f"{code}_{low}"], self.fields[f"{code}_{high}"] = make(), make()

    def pairs(self) -> list[tuple[str, forms.BoundField, forms.BoundField, bool]]:
        """The ranges for the template: label, from, to, and whether it is money."""
        found = [
            (str(label), self[f"{code}_min"], self[f"{code}_max"], True)
            for code, (_path, label) in RANGES.items()
            if f"{code}_min" in self.fields
        ]
        if "products_min" in self.fields:
            found.append((gettext("Products held"), self["products_min"], self["products_max"], False))
        return found + [
            (str(label), self[f"{code}_from"], self[f"{code}_to"], False) for code, (_path, label) in DAYS.items()
        ]


def conditions(form: FilterForm, money: MoneyFormat) -> list[Condition]:
    """What the form's valid fields ask for; one with a wrong value asks for nothing; the form shows its error."""
    form.is_valid()
    values = form.cleaned_data
    return [*_places(form, values), *_choices(form.scope, values), *_money_ranges(values, money), *_days(values)]


def _places(form: FilterForm, values: dict[str, Any]) -> Iterator[Condition]:
    if name := values.get("name"):
        yield Condition("name", gettext("Name contains"), name, ("name",), name_q(name))
    if unit := values.get("unit"):
        is_exact = bool(values.get("exact"))
        high = unit.no + 1 if is_exact else unit.no_end
        text = unit.label if is_exact else gettext("%(unit)s and below") % {"unit": unit.label}
        yield Condition("unit", gettext("Owning unit"), text, ("unit", "exact"), range_q("unit_no", [(unit.no, high)]))
    if found := _manager(form.scope, values.get("manager") or ""):
        yield found


def _manager(scope: Scope, value: str) -> Condition | None:
    label = gettext("Manager")
    if value == UNASSIGNED:
        return Condition("manager", label, gettext("Unassigned"), ("manager",), Q(is_covered=False))
    user = managers(scope).filter(pk=int(value)).first() if value.isdecimal() and len(value) < 18 else None
    return Condition("manager", label, user.label, ("manager",), covered_by(user.pk)) if user else None


def managers(scope: Scope) -> Any:
    """The managers whose home unit the scope sees, and oneself."""
    inside = Q() if scope.is_bank else range_q("home_unit__no", scope.ranges) | Q(pk__in=scope.coverage_user_ids)
    return User.objects.filter(inside, manager__isnull=False).order_by("username")


def _choices(scope: Scope, values: dict[str, Any]) -> Iterator[Condition]:
    for code, label, choices in (
        ("kind", _("Kind"), codes.Kind),
        ("industry", _("Industry"), codes.Industry),
        ("status", _("Status"), Customer.Status),
    ):
        if value := values.get(code):
            yield Condition(code, str(label), str(choices(value).label), (code,), Q(**{code: value}))
    if lines := values.get("line"):
        text = listed(str(codes.BusinessLine(line).label) for line in lines)
        yield Condition("line", gettext("Business line"), text, ("line",), Q(line__in=lines))
    if classes := values.get("holds"):
        text = listed(str(codes.ProductClass(one).label) for one in classes)
        yield Condition("holds", gettext("Holds"), text, ("holds",), holding_q(scope, product_class__in=classes))
    if matures := values.get("matures"):
        today = dates.business_date() or dates.today()
        wanted = holding_q(scope, status="active", matures_on__range=(today, today + timedelta(days=int(matures))))
        yield Condition("matures", gettext("Matures"), str(dict(MATURING)[matures]), ("matures",), wanted)
    if values.get("never"):
        yield Condition(
            "never", gettext("Last contact"), gettext("Never contacted"), ("never",), Q(last_contact_on=None)
        )


def _money_ranges(values: dict[str, Any], money: MoneyFormat) -> Iterator[Condition]:
    size = int(values.get("u") or 1)
    for code, (path, label) in RANGES.items():
        low, high = (
            None if (found := values.get(f"{code}_{end}")) is None else to_fen(found * size) for end in ("min", "max")
        )
        if low is not None or high is not None:
            text = f"{_between(money.fen(low) or None, money.fen(high) or None)} {money.label}"
            yield Condition(
                code, str(label), text, (f"{code}_min", f"{code}_max"), _range_q(f"figures__{path}", low, high)
            )
    low, high = values.get("products_min"), values.get("products_max")
    if low is not None or high is not None:
        params = ("products_min", "products_max")
        yield Condition(
            "products",
            gettext("Products held"),
            _between(low, high),
            params,
            _range_q("figures__product_count", low, high),
        )


def _days(values: dict[str, Any]) -> Iterator[Condition]:
    for code, (path, label) in DAYS.items():
        low, high = values.get(f"{code}_from"), values.get(f"{code}_to")
        if low or high:
            text = _between(low and low.isoformat(), high and high.isoformat())
            yield Condition(code, str(label), text, (f"{code}_from", f"{code}_to"), _range_q(path, low, high))


def _range_q(path: str, low: Any, high: Any) -> Q:
    """Both ends included: that is how people read "from … to …"."""
    found = Q()
    if low is not None:
        found &= Q(**{f"{path}__gte": low})
    if high is not None:
        found &= Q(**{f"{path}__lte": high})
    return found


def _between(low: Any, high: Any) -> str:
    if low is not None and high is not None:
        return f"{low} – {high}"
    return f"≥ {low}" if low is not None else f"≤ {high}"
