"""总分核对 in the lake: the accounts of each cell against the ledger, and a difference found where it was planted."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.feeds.tests.figures_twin import CLASS_OF
from bankcrm.feeds.tests.lake_bank import UNIDENTIFIED, TinyBank
from bankcrm.feeds.tests.ledger_cases import posted

DAY = date(2026, 4, 30)
CREDIT = {"deposit", "investment"}


@pytest.fixture
def bank(tmp_path):
    return TinyBank(tmp_path)


def compared(bank):
    """(unit, currency, class) -> (ledger, accounts, unidentified, difference) of the last build."""
    return {
        (row["unit_id"], row["currency"], row["account_class"]): tuple(
            row[name] for name in ("ledger", "accounts", "unidentified", "difference")
        )
        for row in bank.rows("out_ledger_cell")
    }


def test_without_a_ledger_of_the_day_nothing_is_compared(bank):
    bank.deliver("holding", [bank.holding("1")], on=DAY)
    bank.deliver("balance", bank.balances("1", {DAY: 100}), on=DAY)
    bank.deliver("gl_balance", [posted("A", 100, day=date(2026, 4, 29))], on=date(2026, 4, 29))
    bank.build(DAY)
    assert compared(bank) == {}


def test_a_class_that_no_ledger_account_controls_is_not_compared(bank):
    bank.deliver("holding", [bank.holding("1"), bank.holding("2", product_id="wealth")], on=DAY)
    bank.deliver("balance", bank.balances("1", {DAY: 100}) + bank.balances("2", {DAY: 7}), on=DAY)
    rows = [posted("A", 100, day=DAY), posted("A", 55, day=DAY, account_class=None, code="1001")]
    bank.deliver("gl_balance", rows, on=DAY)
    bank.build(DAY)
    assert compared(bank) == {("A", "CNY", "deposit"): (100, 100, 100, 0)}


def test_a_unit_without_a_ledger_row_differs_by_all_its_accounts(bank):
    bank.deliver("holding", [bank.holding("1"), bank.holding("2", unit_id="B")], on=DAY)
    bank.deliver("balance", bank.balances("1", {DAY: 100}) + bank.balances("2", {DAY: 7}), on=DAY)
    bank.deliver("gl_balance", [posted("A", 100, day=DAY)], on=DAY)
    bank.build(DAY)
    assert compared(bank)["B", "CNY", "deposit"] == (0, 7, 7, 7)


def test_each_side_counts_with_the_sign_of_the_accounts(bank):
    held = [bank.holding("1"), bank.holding("2", product_id="loan"), bank.holding("3")]
    money = bank.balances("1", {DAY: 100}) + bank.balances("2", {DAY: 60}) + bank.balances("3", {DAY: -30})
    bank.deliver("holding", held, on=DAY)
    bank.deliver("balance", money, on=DAY)
    rows = [
        posted("A", 100, day=DAY, balance_side="credit"),
        posted("A", 30, day=DAY, code="overdrafts", balance_side="debit"),  # of deposit accounts: takes away
        posted("A", 65, day=DAY, account_class="loan", balance_side="debit"),
        posted("A", 5, day=DAY, account_class="loan", code="paid early", balance_side="credit"),
    ]
    bank.deliver("gl_balance", rows, on=DAY)
    bank.build(DAY)
    assert compared(bank) == {("A", "CNY", "deposit"): (70, 70, 70, 0), ("A", "CNY", "loan"): (60, 60, 60, 0)}


def test_money_of_unknown_products_stands_in_a_cell_of_its_own(bank):
    bank.deliver("balance", bank.balances("stub", {DAY: 40}), on=DAY)
    bank.deliver("gl_balance", [posted("A", 40, day=DAY)], on=DAY)
    bank.build(DAY)
    assert compared(bank) == {("A", "CNY", "deposit"): (40, 0, 0, -40), ("", "CNY", "unknown"): (0, 40, 40, 40)}


def test_a_corrected_ledger_takes_the_place_of_the_wrong_one(bank):
    bank.deliver("holding", [bank.holding("1")], on=DAY)
    bank.deliver("balance", bank.balances("1", {DAY: 100}), on=DAY)
    bank.deliver("gl_balance", [posted("A", 90, day=DAY)], on=DAY)
    bank.build(DAY)
    assert compared(bank)["A", "CNY", "deposit"][-1] == 10
    bank.deliver("gl_balance", [posted("A", 100, day=DAY)], on=DAY, scope="delta")
    bank.build(DAY)
    assert compared(bank)["A", "CNY", "deposit"][-1] == 0


AMOUNT = st.decimals(min_value="-999.99", max_value="99999.99", places=2)
HELD = st.tuples(
    st.sampled_from(["A", "B"]),
    st.sampled_from(["CNY", "USD"]),
    st.sampled_from(sorted(CLASS_OF)),
    st.sampled_from(["1", "2", "nobody"]),
    AMOUNT,
    st.sampled_from([date(2026, 3, 5), date(2026, 4, 1), DAY]),
    st.booleans(),  # closed
)
PLANTED = st.tuples(st.integers(0, 99), st.sampled_from([Decimal("0.01"), Decimal("-0.01"), Decimal("1280.50")]))


def ledger_of(held):
    """The ledger that ties: cell -> balance with the sign of the accounts."""
    books = defaultdict(Decimal)
    for unit, currency, product, _customer, amount, _on, is_closed in held:
        books[unit, currency, CLASS_OF[product]] += Decimal(0) if is_closed else amount
    return books


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(held=st.lists(HELD, min_size=1, max_size=12), planted=st.none() | PLANTED, data=st.data())
def test_accounts_are_customers_and_the_unidentified_and_tie_but_where_a_difference_was_planted(held, planted, data):
    books = ledger_of(held)
    wrong = {}
    if planted:
        cell = sorted(books)[planted[0] % len(books)]
        wrong = {cell: planted[1]}
    with TemporaryDirectory() as folder:
        bank = TinyBank(Path(folder))
        load(bank, held, books, wrong, data)
        bank.build(DAY)
        found = compared(bank)
        assert {cell: row[3] for cell, row in found.items() if row[3]} == {
            cell: -amount for cell, amount in wrong.items()
        }
        assert {cell: row[0] + row[3] for cell, row in found.items()} == books  # ledger + difference = accounts
        by_customers_and_unidentified(bank, held, found)


def load(bank, held, books, wrong, data):
    bank.customers = {"CORE/1": 1, "CORE/2": 2}
    bank.deliver("fx_rate", bank.rates("USD", {date(2026, 3, 1): "7.1"}), on=DAY)
    holdings, balances = [], []
    for number, (unit, currency, product, customer, amount, on, is_closed) in enumerate(held):
        closed = {"closed_on": DAY, "status": "closed"} if is_closed else {}
        holdings.append(
            bank.holding(str(number), customer, unit_id=unit, currency=currency, product_id=product, **closed)
        )
        balances += bank.balances(str(number), {on: amount}, currency=currency)
    bank.deliver("holding", holdings, on=DAY)
    bank.deliver("balance", balances, on=DAY)
    rows = []
    for (unit, currency, kind), amount in books.items():
        total = amount + wrong.get((unit, currency, kind), 0)
        part = data.draw(st.sampled_from([Decimal(0), Decimal("12.34")]))  # on two accounts of the ledger
        side = data.draw(st.sampled_from([None, "credit", "debit"]))
        sign = 1 if side is None or (side == "credit") == (kind in CREDIT) else -1
        same = {"day": DAY, "account_class": kind, "currency": currency}
        rows += [
            posted(unit, part, code=f"{kind}-1", **same),
            posted(unit, sign * (total - part), code=f"{kind}-2", balance_side=side, **same),
        ]
    bank.deliver("gl_balance", rows, on=DAY)


def by_customers_and_unidentified(bank, held, found):
    """Σ accounts = Σ customers + 未识别, also as the figures by unit have it."""
    expected = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for unit, currency, product, customer, amount, _on, is_closed in held:
        amount = Decimal(0) if is_closed else amount
        expected[unit, currency, CLASS_OF[product]][customer == "nobody"] += amount
    assert {cell: (row[1] - row[2], row[2]) for cell, row in found.items()} == {
        cell: tuple(parts) for cell, parts in expected.items()
    }
    counted = defaultdict(Decimal)
    for row in bank.rows("snap_position_month", where=f"month = '{DAY:%Y-%m}'"):
        kind = (row["unit_id"], row["currency"], row["figure_class"])
        counted[*kind, row["customer_id"] == UNIDENTIFIED] += row["balance_end"]
    for cell, row in found.items():
        assert counted[*cell, False] == row[1] - row[2]
        assert counted[*cell, True] == row[2]
