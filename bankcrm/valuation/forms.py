"""The form of a new tier table: rows that are read here and judged by the action."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.valuation.actions import LONGEST_ENGLISH, LONGEST_NAME, LONGEST_REASON, MOST_MONTHS, NewLevel
from bankcrm.valuation.models import TierTable
from bankcrm.valuation.rules import MOST_LEVELS

SPARE = 2
MONTHS_OFFERED = 12


class LevelForm(forms.Form):
    """One row; a row without names and amount is none."""

    use_required_attribute = False
    code = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Chinese name"), required=False, max_length=LONGEST_NAME)
    name_en = forms.CharField(label=_("English name"), required=False, max_length=LONGEST_ENGLISH)
    threshold = forms.DecimalField(
        label=_("From this AUM month average"), required=False, max_digits=18, decimal_places=2, min_value=0
    )
    fall_months = forms.IntegerField(
        label=_("Months below before falling"), required=False, min_value=1, max_value=MOST_MONTHS
    )
    remove = forms.BooleanField(label=_("Leave out"), required=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered, or the row is to be left out."""
        data = self.cleaned_data
        named = data.get("name") or data.get("name_en")
        return bool(data.get("remove") or not (named or data.get("threshold") is not None))

    def level(self) -> NewLevel:
        """The row as the action takes it. Raises ValidationError where the amount is missing."""
        data = self.cleaned_data
        if data.get("threshold") is None:
            raise ValidationError(_("Enter the amount from which a customer stands in the level."))
        return NewLevel(
            " ".join(data["name"].split()),
            " ".join(data["name_en"].split()),
            data["threshold"],
            data["fall_months"],
            data["code"],
        )


class TableForm(forms.Form):
    """The month, the reason, and the rows."""

    use_required_attribute = False
    first_month = forms.ChoiceField(label=_("From month"))
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, required=False)

    def __init__(self, data: QueryDict | None, *, begins: TierTable, first_open: date) -> None:
        month = first_open
        offered = []
        for _number in range(MONTHS_OFFERED):
            offered.append((dates.month_of(month), dates.month_of(month)))
            month = dates.next_month(month)
        chosen = begins.first_month if begins.first_month >= first_open else first_open
        super().__init__(data, initial={"first_month": dates.month_of(chosen), "reason": ""})
        self.fields["first_month"].choices = offered  # type: ignore[attr-defined]
        rows = [
            {
                "code": one.code,
                "name": one.name,
                "name_en": one.name_en,
                "threshold": one.threshold,
                "fall_months": one.fall_months,
            }
            for one in begins.levels.order_by("threshold")
        ]
        number = min(MOST_LEVELS, len(rows) + SPARE)
        rows += [{} for _place in range(number - len(rows))]
        self.rows: Sequence[LevelForm] = [
            LevelForm(data, prefix=f"l{place}", initial=row) for place, row in enumerate(rows)
        ]

    def entered(self) -> tuple[list[LevelForm], list[NewLevel]] | None:
        """The rows that are levels; None where one of the fields is no value of its kind (the fields say so)."""
        valid = [row.is_valid() for row in self.rows]
        if not (self.is_valid() and all(valid)):
            return None
        forms_of, levels = [], []
        for row in self.rows:
            if row.is_empty:
                continue
            try:
                levels.append(row.level())
            except ValidationError as error:
                row.add_error("threshold", error)
                return None
            forms_of.append(row)
        return forms_of, levels

    def month(self) -> date:
        """The chosen month."""
        return dates.month_start(self.cleaned_data["first_month"])

    def take(self, rows: Sequence[LevelForm], error: ValidationError) -> None:
        """Puts the action's messages where they belong: at rows, at fields, or above all."""
        for name, messages in error.message_dict.items():
            if name.startswith("level_"):
                _at_row(rows[int(name.removeprefix("level_"))], messages)
            else:
                self.add_error(name if name in self.fields else None, messages)


def _at_row(row: LevelForm, messages: Any) -> None:
    row.add_error(None, messages)
