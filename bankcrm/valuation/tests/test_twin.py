"""The lake folds what the rules say, over random histories and tables that change in between."""

import random
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from bankcrm.core.dates import months_between
from bankcrm.valuation.rules import Level, Version, fold, version_of
from bankcrm.valuation.tests.tier_lake import folded

FIRST, UNTIL = "2025-01", date(2026, 3, 10)
MONTHS = months_between(FIRST, "2026-03")
CODES = ("basic", "mass", "silver", "gold", "diamond", "private")


def table(chance, first_month):
    """Some of the codes, in any order, with thresholds that histories stand exactly at."""
    codes = chance.sample(CODES, chance.randint(2, len(CODES)))
    amounts = sorted(chance.sample(range(1, 10), len(codes) - 1))
    levels = [
        Level(code, Decimal(amount), chance.randint(1, 4)) for code, amount in zip(codes[1:], amounts, strict=True)
    ]
    return Version(first_month, (Level(codes[0], Decimal(0)), *levels))


def histories(chance):
    """Averages by customer and month: around the thresholds, with months without a row, some who begin late."""
    found = {}
    for customer in range(1, 120):
        begins, level = chance.randint(0, 9), chance.randint(0, 9)
        for place, month in enumerate(MONTHS):
            if place >= begins and chance.random() < 0.9:
                level = max(0, min(10, level + chance.choice((-3, -1, 0, 0, 1, 2))))
                found[customer, month] = Decimal(level) + chance.choice((Decimal(0), Decimal("-0.01"), Decimal("0.01")))
                found[customer, month] = max(found[customer, month], Decimal(0))
    return found


def expected(averages, versions, customer, month):
    """The state by the rules: from the first month with an average on, a month without one counting as nothing."""
    known = [one for one in MONTHS if one < month]
    begun = [one for one in known if averages.get((customer, one))]
    if not begun:
        return None
    past = [(after, averages.get((customer, one), Decimal(0))) for one, after in pairwise(MONTHS)]
    return fold([(after, average) for after, average in past if begun[0] < after <= month], versions)


@pytest.mark.parametrize("seed", range(8))
def test_the_lake_and_the_rules_agree(tmp_path, seed):
    chance = random.Random(seed)
    versions = [table(chance, "2000-01"), table(chance, "2025-06"), table(chance, "2025-12")][: 1 + seed % 3]
    averages = histories(chance)
    rows, lowest = folded(tmp_path, averages, versions, first=FIRST, until=UNTIL)
    assert lowest.pop(FIRST) == ""
    assert not [key for key in rows if key[1] == FIRST]
    compared = 0
    for month, base in lowest.items():
        assert base == version_of(versions, month).levels[0].code
        for customer in {who for who, _month in averages}:
            state, row = expected(averages, versions, customer, month), rows.get((customer, month))
            if row is None:
                assert state is None or (state.level.code, state.below_months) == (base, 0)
                continue
            compared += 1
            assert state, (customer, month)
            assert (row["level_code"], row["threshold"], row["below_months"]) == (
                state.level.code, state.level.threshold, state.below_months,
            ), (customer, month)  # fmt: skip
            if state.level.threshold:  # since when in the lowest level: without a row until the first rise
                assert row["since_month"] == state.since_month, (customer, month)
    assert compared > 500


def test_the_first_month_of_the_lake_tells_the_tiers_of_the_second(tmp_path):
    versions = [Version("2000-01", (Level("mass", Decimal(0)), Level("gold", Decimal(5), 3)))]
    rows, lowest = folded(tmp_path, {(1, "2026-02"): 5, (2, "2026-02"): 4}, versions, first="2026-02", until=UNTIL)
    assert lowest == {"2026-02": "", "2026-03": "mass"}
    assert [(key, row["level_code"], row["since_month"]) for key, row in rows.items()] == [
        ((1, "2026-03"), "gold", "2026-03")
    ]
