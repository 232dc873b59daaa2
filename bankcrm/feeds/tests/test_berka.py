"""The real Czech bank of ../shared/data/berka, from its own files through the mapping to landed Parquet."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.lake.connection import connect
from bankcrm.lake.delivery import read_delivery
from bankcrm.lake.landing import land
from bankcrm.lake.mapping import map_delivery

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT.parent / "shared" / "data" / "berka"
DAY = date(1994, 3, 30)

pytestmark = pytest.mark.skipif(not SOURCE.is_dir(), reason=f"the data set {SOURCE} is not there")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    root = tmp_path_factory.mktemp("berka")
    folder = map_delivery(
        ROOT / "examples" / "berka",
        source=SOURCE,
        business_date=DAY,
        out=root / "mapped" / DAY.isoformat(),
        feeds=BY_NAME,
    )
    delivery = read_delivery(folder, known=BY_NAME)
    assert delivery.is_sound
    landed = {}
    with connect(temp=root / "duck") as connection:
        for file in delivery.files:
            landed[file.feed] = land(BY_NAME[file.feed], file, out=root / "lake", load_id=1, connection=connection)
    tables = duckdb.connect()
    for feed, found in landed.items():
        paths = [str(root / "lake" / part.path) for part in found.parts]
        tables.execute(f"CREATE TABLE {feed} AS FROM read_parquet({paths}, hive_partitioning = false)")
    return landed, tables


def one(lake, sql):
    return lake[1].execute(sql).fetchone()


def test_every_row_lands_and_overdrafts_are_only_warnings(lake):
    landed, _ = lake
    assert {feed: (found.rows_loaded, found.rows_rejected) for feed, found in landed.items()} == {
        "org_unit": (78, 0),
        "product": (11, 0),
        "person": (1489, 0),
        "holding": (1272, 0),
        "holding_party": (260, 0),
        "balance": (38858, 0),
        "transaction": (46997, 0),
    }
    assert all(found.is_sound for found in landed.values())
    assert landed["balance"].reject_counts == {"warning:overdraft": 51}


def test_persons_have_a_gender_and_a_plausible_birthday_and_no_name(lake):
    assert one(lake, "SELECT count(*), count(name), count(gender), count(birth_on) FROM person") == (
        1489,
        0,
        1489,
        1489,
    )
    # client 3 of the source: birth number 406009, a woman born on 9 October 1940
    assert one(lake, "SELECT gender, birth_on FROM person WHERE customer_id = '3'") == ("female", date(1940, 10, 9))


def test_signatories_are_260_persons_who_hold_nothing_themselves(lake):
    sql = (
        "SELECT count(DISTINCT customer_id), count(*) FILTER (customer_id IN (SELECT customer_id FROM holding)) "
        "FROM holding_party WHERE party_role = 'authorised_signatory'"
    )
    assert one(lake, sql) == (260, 0)


def test_holdings_by_class_are_those_of_the_day(lake):
    found = lake[1].execute(
        "SELECT product_class, count(*), sum(contract_amount), max(h.opened_on) <= DATE '1994-03-30' "
        "FROM holding AS h JOIN product AS p USING (product_id) GROUP BY 1 ORDER BY 1"
    )
    assert found.fetchall() == [
        ("consumer_loan", 37, Decimal("4443996.00"), True),
        ("debit_card", 6, None, True),
        ("demand_deposit", 1229, None, True),
    ]


def test_last_balances_add_up_and_two_accounts_are_overdrawn(lake):
    last = "(SELECT holding_id, arg_max(balance, balance_on) AS balance FROM balance GROUP BY 1)"
    accounts = f"{last} WHERE holding_id NOT LIKE 'L%'"
    assert one(lake, f"SELECT count(*), sum(balance) FROM {accounts}") == (1229, Decimal("39296720.10"))
    assert one(lake, f"SELECT sum(balance) FROM {last} WHERE holding_id LIKE 'L%'") == (Decimal("4443996.00"),)
    found = lake[1].execute(f"SELECT holding_id, balance FROM {accounts} AND balance < 0 ORDER BY 1").fetchall()
    assert found == [("4743", Decimal("-1024.00")), ("8566", Decimal("-2656.70"))]


def test_days_are_in_the_order_of_the_chain_of_balances(lake):
    rows = lake[1].execute(
        "SELECT holding_id, transacted_on, CASE direction WHEN 'debit' THEN -amount ELSE amount END, balance_after "
        "FROM transaction ORDER BY holding_id, transacted_on, sequence"
    )
    balances: dict[str, Decimal] = defaultdict(Decimal)
    broken = 0
    for holding, _day, amount, after in rows.fetchall():
        broken += abs(balances[holding] + amount - after) > Decimal("0.5")
        balances[holding] = after
    assert broken == 0
    assert sum(balances.values()) == Decimal("39296720.10")


def test_the_numbers_of_the_transactions_would_give_other_day_ends(lake):
    """What the chain is for: on 5,430 days the transaction with the highest number is not the last one."""
    days = "SELECT arg_max(sequence, transaction_id::INTEGER) AS place, max(sequence) AS last FROM transaction"
    sql = f"SELECT count(*) FROM ({days} GROUP BY holding_id, transacted_on) WHERE place <> last"
    assert one(lake, sql) == (5430,)


def test_every_transaction_has_a_direction_a_type_and_a_channel_of_the_contract(lake):
    sql = "SELECT count(direction), count(transaction_type), count(channel), count(sequence) FROM transaction"
    assert one(lake, sql) == (46997,) * 4
