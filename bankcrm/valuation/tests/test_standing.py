"""Tiers in the list, in its filter and counts, and in the head of the customer page; who may know them."""

import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from bankcrm.core import parameters
from bankcrm.core.testing import as_owner
from bankcrm.core.ui.figures import MoneyFormat
from bankcrm.core.ui.states import State
from bankcrm.customers.list_state import ALL, ListState
from bankcrm.customers.models import Customer
from bankcrm.valuation.models import TierMonth
from bankcrm.valuation.queries import standing
from bankcrm.valuation.queries.table import known


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def found(bank, value, who="mei"):
    state = ListState(QueryDict(f"tier={value}"), scope=bank.scope(who), money=MoneyFormat(1), list_code=ALL)
    return {row.name for row in state.rows}


def test_a_cell_says_the_level_the_watch_and_who_has_none(bank):
    ids = {row.pk: name for name, row in bank.people.items()}
    shown = standing.tiers_of(bank.scope("mei"), list(ids))
    assert {ids[pk]: text for pk, text in shown.items()} == {
        "min": "Mass", "jin": "Gold · watched 2/3", "cai": "Premier", "firm": "No tier", "prospect": "No tier",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("gold", {"jin"}), ("mass", {"min"}), ("silver", set()), ("=watched", {"jin"}),
        ("=none", {"firm", "prospect"}), ("nonsense", {"min", "jin", "cai", "firm", "prospect"}),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_tier(bank, value, names):
    assert found(bank, value) == names


def test_every_customer_stands_in_exactly_one_level_or_none_and_counts_are_those_of_the_lists(bank):
    now = known()
    lists = {code: found(bank, code) for code in [*now.names, "=none"]}
    assert sorted(name for names in lists.values() for name in names) == sorted(bank.people)
    counts = standing.counts(bank.scope("mei"))
    assert counts == {"mass": 1, "gold": 1, "premier": 1}
    assert all(len(lists[code]) == counts.get(code, 0) for code in now.names)


def test_before_the_lake_knows_a_month_nobody_has_a_tier(bank):
    with as_owner():
        TierMonth.objects.update(base_code="")
    assert found(bank, "gold") == set()
    assert found(bank, "=none") == set(bank.people)
    with as_owner():
        TierMonth.objects.all().delete()
    ids = [row.pk for row in bank.people.values()]
    assert set(standing.tiers_of(bank.scope("mei"), ids).values()) == {State.UNDELIVERED}


def test_who_may_not_know_what_other_units_book_learns_no_tier(bank, monkeypatch):
    assert found(bank, "gold", "hua") == {"jin"}
    value = parameters.value
    hidden = {"customers.booked_elsewhere": "hidden"}
    monkeypatch.setattr(parameters, "value", lambda key, **more: hidden.get(key) or value(key, **more))
    assert parameters.value("customers.booked_elsewhere") == "hidden"
    assert found(bank, "gold", "hua") == set(bank.people)  # the filter is not asked
    jin = Customer.objects.within(bank.scope("hua")).get(name="jin")
    assert standing.tiers_of(bank.scope("hua"), [jin.pk]) == {jin.pk: State.DENIED}
    assert standing.head(bank.scope("hua"), jin) is None
    assert standing.choices(bank.scope("hua")) == [("", "–")]
    page = bank.client("hua").get(reverse("valuation:why", args=[jin.number]))
    assert "This customer has no tier" in text_of(page)
    assert "Gold" not in text_of(page)


def test_without_the_right_to_figures_there_is_neither_column_nor_badge_nor_page(bank):
    jin = bank.people["jin"]
    assert bank.client("lin").get(reverse("valuation:why", args=[jin.number])).status_code == 403
    assert standing.standing(standing.subject_of(bank.scope("lin"), jin)) is None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Customer tier", "Gold", "Watched", "below its level for 2 of 3 months", "since 2026-03"]),
        ("zh-hans", ["客户分层", "金卡", "关注", "已连续 2 个月未达标（满 3 个月降级）", "自 2026-03 起"]),
    ],
)
def test_the_head_of_the_customer_page_wears_the_badge_with_the_watch(bank, language, words):
    jin = bank.people["jin"]
    text = text_of(bank.client("hua", language).get(reverse("customers:overview", args=[jin.number])))
    assert all(word in text for word in words), text


def test_the_list_shows_and_offers_tiers(bank):
    page = text_of(bank.client("mei").get(reverse("customers:list"), {"tier": "gold"}))
    assert "Gold" in page
    assert "cai" not in page


def test_bands_count_last_months_averages(bank):
    levels = known().versions[0].levels
    assert standing.bands(bank.scope("mei"), levels) == [1, 1, 0, 0, 1, 0, 0]
