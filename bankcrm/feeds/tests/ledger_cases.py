"""Rows of accounts against the ledger, for tests."""

import datetime as dt
from decimal import Decimal

import factory

from bankcrm.feeds.models import LedgerCell, LedgerDifference
from bankcrm.org.tests.factories import OwnedFactory, UnitFactory

DAY = dt.date(2026, 11, 22)


class DifferenceFactory(OwnedFactory):
    """An open difference of 5.00 at a unit of its own."""

    class Meta:
        model = LedgerDifference

    unit = factory.SubFactory(UnitFactory)
    unit_code = factory.LazyAttribute(lambda row: row.unit.code if row.unit else "")
    currency = "CNY"
    account_class = "deposit"
    as_of = DAY
    since_on = DAY
    ledger = Decimal("95.00")
    accounts = Decimal("100.00")
    unidentified = Decimal("0.00")
    difference = Decimal("5.00")


class CellFactory(OwnedFactory):
    """A cell that ties."""

    class Meta:
        model = LedgerCell

    unit = factory.SubFactory(UnitFactory)
    unit_code = factory.LazyAttribute(lambda row: row.unit.code if row.unit else "")
    currency = "CNY"
    account_class = "deposit"
    as_of = DAY
    ledger = Decimal("95.00")
    accounts = Decimal("95.00")
    unidentified = Decimal("0.00")
    difference = Decimal("0.00")
    account_count = 1


def posted(unit, amount, *, day=DAY, account_class="deposit", currency="CNY", code=None, **more):
    """A row of the feed gl_balance."""
    return {
        "account_code": code or f"2011-{account_class}", "unit_id": unit, "currency": currency, "balance_on": day,
        "account_class": account_class, "balance": amount, **more,
    }  # fmt: skip
