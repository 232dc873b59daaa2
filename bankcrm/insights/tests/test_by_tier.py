"""Tiers as rows, columns and filter of the cross view: those that held in each month."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from bankcrm.core import parameters
from bankcrm.core.views import NotUnderstood
from bankcrm.insights.dimensions import DIMENSIONS
from bankcrm.insights.entries import open_token
from bankcrm.insights.selection import selection
from bankcrm.insights.tests.test_cells import check_cells, figures, opened_list, token
from bankcrm.insights.tests.test_page import text_of


def cells(scope, text):
    found = figures(scope, text)
    return {key[1:]: value for key, value in found.cells.items() if key[0] == found.chosen.month}


def test_the_month_before_decides_and_the_first_month_has_no_tier(readers):
    scope = readers.scope("wu")
    assert cells(scope, "measure=customers&rows=tier&columns=kind") == {
        ("gold", "person"): 1, ("silver", "person"): 1, ("", "organisation"): 1,
    }  # fmt: skip
    assert cells(scope, "measure=customers&rows=tier&columns=kind&month=2026-10") == {
        ("", "person"): 2, ("", "organisation"): 1,
    }  # fmt: skip


def test_money_stands_in_the_tier_of_its_customer_wherever_it_is_booked(readers):
    assert cells(readers.scope("wu"), "measure=aum_end&rows=tier&columns=unit") == {
        ("gold", "A"): 60, ("gold", "B"): 40, ("silver", "B"): 7,
    }  # fmt: skip
    assert cells(readers.scope("wu"), "measure=facility_drawn&rows=tier&columns=unit") == {("", "A"): Decimal("120.50")}


def test_tiers_filter_and_the_list_of_a_cell_is_its_number(readers):
    scope = readers.scope("wu")
    assert cells(scope, "measure=aum_end&rows=unit&columns=kind&tier=gold") == {
        ("A", "person"): 60,
        ("B", "person"): 40,
    }
    for measure in ("customers", "aum_average", "facility_limit"):
        assert check_cells(scope, f"measure={measure}&rows=tier&columns=unit", most=9)
    assert check_cells(scope, "measure=customers&rows=tier&columns=month", most=9)
    assert check_cells(readers.scope("zhao"), "measure=customers&rows=tier&columns=class&tier=gold", most=9)


def test_an_unknown_tier_is_refused_in_words(readers):
    with pytest.raises(ValidationError, match="no value of Customer tier"):
        selection(readers.scope("wu"), QueryDict("tier=emerald"), ["2026-11"])


def test_who_may_not_know_what_other_units_book_learns_no_tier(readers, monkeypatch):
    link = token(figures(readers.scope("zhao"), "measure=customers&rows=tier&columns=kind"), "gold", "person")
    assert opened_list(readers.scope("zhao"), link)[0] == 1
    monkeypatch.setattr(parameters, "value", lambda key, **_more: "hidden")
    scope = readers.scope("zhao")
    for text in ("rows=tier", "columns=tier", "tier=gold"):
        with pytest.raises(ValidationError, match="may not see tiers"):
            figures(scope, f"measure=customers&{text}")
    with pytest.raises(NotUnderstood, match="may not see tiers"):
        open_token(scope, link)
    assert figures(readers.scope("wu"), "measure=customers&rows=tier&columns=kind").cells


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["Gold", "No tier", "A tier is the one"]), ("zh-hans", ["金卡", "未分层", "层级"])]
)
def test_the_page_says_tiers_in_words(readers, language, words):
    client = readers.client("wu", language)
    text = text_of(client.get("/insights/cross/", {"measure": "customers", "rows": "tier", "columns": "kind"}))
    assert all(word in text for word in words)
    assert next(iter(DIMENSIONS["tier"].words)) == "mass"
