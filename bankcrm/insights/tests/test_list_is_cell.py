"""List = cell, over small banks that chance has made: through the real build, counted beside by plain Python."""

from collections import Counter
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.core import dates
from bankcrm.customers.queries import lake
from bankcrm.feeds.tests.lake_bank import TinyBank
from bankcrm.insights.tests.small_lake import TIERS, build, make_customer, make_units, published, unit_rows
from bankcrm.insights.tests.test_cells import all_questions, check_cells, figures
from bankcrm.org.tests.factories import scope_of, user_with_post
from bankcrm.valuation.rules import level_of

DAY = date(2026, 11, 22)
UNITS = ("HO", "A", "A1", "B")
CLASSES = {"demand": "demand_deposit", "wealth": "wealth", "loan": "consumer_loan", "acceptance": "acceptance"}
CUSTOMER = st.fixed_dictionaries(
    {
        "unit_id": st.sampled_from(UNITS),
        "is_person": st.booleans(),
        "industry": st.sampled_from(["C", "F"]),
        "opened_on": st.sampled_from([date(2025, 1, 1), date(2026, 11, 3)]),
        "closed_on": st.sampled_from([None, None, date(2026, 11, 10)]),
    }
)
HOLDING = st.fixed_dictionaries(
    {
        "of": st.integers(0, 3),
        "unit_id": st.sampled_from(UNITS),
        "product_id": st.sampled_from(sorted(CLASSES)),
        "october": st.integers(-50, 1000),
        "november": st.integers(-50, 1000),
    }
)


def bank_of(root, customers, holdings):
    """The bank in the lake."""
    bank = TinyBank(root)
    bank.customers = {f"CORE/{place}": 1001 + place for place in range(len(customers))}
    bank.deliver("org_unit", unit_rows(), on=DAY)
    rows = {"person": [], "organisation": []}
    for place, one in enumerate(customers):
        row = {"source_system": "CORE", "customer_id": str(place), "name": f"N{place}"}
        row |= {name: one[name] for name in ("unit_id", "opened_on", "closed_on")}
        more = {} if one["is_person"] else {"industry": one["industry"], "business_line": "corporate"}
        rows["person" if one["is_person"] else "organisation"].append({**row, **more})
    for feed, content in rows.items():
        bank.deliver(feed, content, on=DAY)
    held, balances = [], []
    for place, one in enumerate(holdings):
        key = f"H{place}"
        held.append(
            bank.holding(key, str(one["of"] % len(customers)), unit_id=one["unit_id"], product_id=one["product_id"])
        )
        balances += bank.balances(key, {date(2026, 10, 5): one["october"], date(2026, 11, 9): one["november"]})
    bank.deliver("holding", held, on=DAY)
    bank.deliver("balance", balances, on=DAY)
    build(bank, DAY)
    return bank


def put_into_postgresql(units, customers, holdings):
    """The same customers as the load would have put them there."""
    for place, one in enumerate(customers):
        booked = [units[each["unit_id"]] for each in holdings if each["of"] % len(customers) == place]
        kind, line = ("person", "retail") if one["is_person"] else ("organisation", "corporate")
        make_customer(1001 + place, units[one["unit_id"]], kind=kind, line=line, booked=booked)


def aum(holdings, codes):
    """November's end, counted by hand: credit balances of deposits and investments booked at these units."""
    assets = ("demand", "wealth")
    amounts = [one["november"] for one in holdings if one["unit_id"] in codes and one["product_id"] in assets]
    return sum(amount for amount in amounts if amount > 0)


def promised(holdings, codes):
    """What the bank has accepted at these units, which is in no other figure."""
    accepted = [one for one in holdings if one["product_id"] == "acceptance"]
    return sum(max(one["november"], 0) for one in accepted if one["unit_id"] in codes)


def tiers(customers, holdings, codes):
    """Persons owned at these units in November by the tier that October's average gives them; the rest has none."""
    found = Counter()
    for place, one in enumerate(customers):
        if one["unit_id"] not in codes or one["closed_on"]:
            continue
        held = [each for each in holdings if each["of"] % len(customers) == place]
        assets = sum(max(each["october"], 0) for each in held if each["product_id"] in ("demand", "wealth"))
        average = (Decimal(assets * 27) / 31).quantize(Decimal("0.01"), ROUND_HALF_UP)  # from the fifth on
        found[level_of(TIERS[0].levels, average).code if one["is_person"] else ""] += 1
    return dict(found)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    customers=st.lists(CUSTOMER, min_size=1, max_size=4),
    holdings=st.lists(HOLDING, min_size=1, max_size=6),
    chance=st.randoms(use_true_random=False),
)
def test_the_list_of_every_cell_is_its_number(db, monkeypatch, customers, holdings, chance):
    with TemporaryDirectory() as folder, transaction.atomic(), dates.clock_at(DAY):
        bank = bank_of(Path(folder), customers, holdings)
        units = make_units()
        put_into_postgresql(units, customers, holdings)
        with lake.using(published(bank)):
            monkeypatch.setattr(lake, "is_delivered", lambda feed: feed == "facility")
            for unit, scope_name, codes in (
                ("HO", "bank", UNITS),
                ("A", "subtree", ("A", "A1")),
                ("B", "subtree", ("B",)),
            ):
                scope = scope_of(user_with_post("branch_head", scope_name, unit=units[unit]))
                found = figures(scope, "measure=aum_end&rows=unit&columns=class")
                assert found.value("2026-11", None, None) == Decimal(aum(holdings, codes))
                found = figures(scope, "measure=contingent_end&rows=unit&columns=class")
                assert found.value("2026-11", None, None) == Decimal(promised(holdings, codes))
                owned = [one for one in customers if one["unit_id"] in codes and not one["closed_on"]]
                counted = figures(scope, "measure=customers&rows=class&columns=unit")
                assert counted.value("2026-11", None, None) == len(owned)
                counted = figures(scope, "measure=customers&rows=tier&columns=region")
                by_tier = {row: value for (month, row, _all), value in counted.row_totals.items() if month == "2026-11"}
                assert by_tier == tiers(customers, holdings, codes)
                for _measure, text in chance.sample(list(all_questions(scope)), 5):
                    check_cells(scope, text, most=3)
        transaction.set_rollback(True)
