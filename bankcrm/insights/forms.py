"""The conditions of the cross view as a form. What it sends is checked by `selection`, however it was written."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bankcrm.core.scope import Scope
from bankcrm.customers import codes
from bankcrm.insights.dimensions import DIMENSIONS, TIER
from bankcrm.insights.measures import measures
from bankcrm.insights.selection import Selection
from bankcrm.org.queries import visible_units
from bankcrm.valuation.queries.table import may_see_tiers

PICKLIST = {"data-picklist": ""}


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.SelectMultiple(attrs=PICKLIST)
    )


class CrossForm(forms.Form):
    """All conditions, filled with those in force."""

    use_required_attribute = False
    measure = forms.ChoiceField(label=_("Measure"), required=False)
    rows = forms.ChoiceField(label=_("Rows"), required=False)
    columns = forms.ChoiceField(label=_("Columns"), required=False)
    month = forms.ChoiceField(label=_("Month"), required=False)
    unit = forms.ChoiceField(label=_("Unit and those below"), required=False, widget=forms.Select(attrs=PICKLIST))
    kind = _several(_("Kind of customer"), codes.Kind.choices)
    line = _several(_("Business line"), codes.BusinessLine.choices)
    industry = _several(_("Industry"), codes.Industry.choices)
    tier = _several(_("Customer tier"), [])

    def __init__(self, scope: Scope, chosen: Selection, months: Iterable[str]) -> None:
        initial: dict[str, Any] = {
            "measure": chosen.measure.code,
            "rows": chosen.rows,
            "columns": chosen.columns,
            "month": chosen.month,
            "unit": chosen.unit.code if chosen.unit else "",
            **{name: list(values) for name, values in chosen.filters.items()},
        }
        super().__init__(initial=initial)
        # `class` is the parameter's name, which no attribute may have
        self.fields["class"] = _several(_("Product class"), codes.ProductClass.choices)
        self._choose("measure", [(one.code, one.label) for one in measures(scope)])
        self._choose("month", [(month, month) for month in reversed(list(months))])
        by = [one for one in DIMENSIONS.values() if one.code != TIER or may_see_tiers(scope)]
        for name in ("rows", "columns"):
            self._choose(name, [(one.code, one.label) for one in by])
        self._choose(TIER, [(code, word) for code, word in DIMENSIONS[TIER].words.items() if code])
        if not may_see_tiers(scope):
            del self.fields[TIER]
        units = [(one.code, f"{'　' * one.depth}{one.label}") for one in visible_units(scope)]
        self._choose("unit", [("", _("All in my data scope")), *units])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def product_class_field(self) -> forms.BoundField:
        """The field of product classes, for templates."""
        return self["class"]
