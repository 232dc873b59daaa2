"""One small demonstration bank for all tests of this app, and views over its files."""

from datetime import date

import duckdb
import pytest

from bankcrm.demo.generate import generate
from bankcrm.feeds.contract.catalogue import FEEDS

DAY = date(2026, 11, 22)
SIZE = 4000


@pytest.fixture(scope="session")
def bank(tmp_path_factory):
    """The folder of a bank of 4,000 customers: a history and the deliveries of two days after it."""
    out = tmp_path_factory.mktemp("bank")
    generate(out, size=SIZE, business_date=DAY, days=3)
    return out


@pytest.fixture(scope="session")
def history(bank):
    return bank / "history" / DAY.isoformat()


@pytest.fixture(scope="session")
def _files(history):
    connection = duckdb.connect()
    for feed in FEEDS:
        files = [str(path) for path in history.glob("*.parquet") if _feed_of(path.stem) == feed.name]
        connection.execute(f"CREATE VIEW {feed.name} AS FROM read_parquet({sorted(files)})")
    connection.execute(
        """CREATE VIEW kept AS SELECT h.*, p.product_class, p.product_class LIKE '%_loan'
            OR p.product_class IN ('bill_discount', 'credit_card') AS is_debt,
            p.product_class IN ('acceptance', 'letter_of_credit', 'guarantee') AS is_promised
        FROM holding AS h JOIN product AS p USING (product_id)"""
    )
    connection.execute(
        """CREATE VIEW present AS SELECT source_system, holding_id, arg_max(balance, balance_on) AS balance
        FROM balance GROUP BY ALL"""
    )
    connection.execute(
        """CREATE VIEW party AS SELECT source_system, customer_id FROM person
        UNION ALL SELECT source_system, customer_id FROM organisation"""
    )
    return connection


@pytest.fixture
def sql(_files):
    """Runs a query over the history's feeds and answers its rows."""
    return lambda query, values=None: _files.execute(query, values).fetchall()


def _feed_of(stem):
    return max((feed.name for feed in FEEDS if stem == feed.name or stem.startswith(feed.name + "_")), key=len)
