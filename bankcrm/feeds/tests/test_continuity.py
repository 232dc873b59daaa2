"""A bank that delivers all balances every day: accounts and days that it leaves out are named, and nothing is lost."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bankcrm.core.testing import as_owner
from bankcrm.feeds.models import Load, Reject
from bankcrm.feeds.tests.small_bank import DAY, FIRST, balance, next_day, total
from bankcrm.system.models import ParameterValue

pytestmark = pytest.mark.django_db(transaction=True)


def every_day_is_open(count=5):
    days = [DAY + timedelta(days=number) for number in range(count)]
    return {"calendar": [{"calendar_on": day.isoformat(), "is_business_day": "1"} for day in days]}


def log_codes(load_id):
    return [line["code"] for line in Load.objects.get(pk=load_id).log]


def test_an_open_account_absent_from_a_full_balance_file_is_named_and_keeps_its_balance(small_bank):
    small_bank.load()
    result = small_bank.load({"balance": [balance("H1", "60.00", next_day())]}, day=next_day())
    assert result.state == "published"
    named = Reject.objects.filter(load_id=result.load_id, reason="absent_from_full")
    assert list(named.values_list("value", "severity")) == [("CORE/H2", "warning")]
    assert total() == Decimal("100.00")


def test_changes_only_leave_nobody_out(small_bank):
    small_bank.load()
    result = small_bank.load({"balance": [balance("H1", "70.00", next_day())]}, day=next_day(), scope="delta")
    assert not Reject.objects.filter(load_id=result.load_id, reason="absent_from_full").exists()


def test_a_missing_business_day_is_marked_in_the_log_and_the_load_goes_on(small_bank):
    small_bank.load({**FIRST, **every_day_is_open()})
    feeds = {"balance": [balance("H1", "60.00", next_day(2)), balance("H2", "40.00", next_day(2))]}
    result = small_bank.load(feeds, day=next_day(2))
    assert result.state == "published"
    assert "missing_days" in log_codes(result.load_id)


def test_a_missing_business_day_stops_the_load_where_the_bank_wants_it(small_bank):
    small_bank.load({**FIRST, **every_day_is_open()})
    with as_owner():
        ParameterValue.objects.create(key="feeds.missing_day", value="stop", valid=("2026-01-01", None))
    feeds = {"balance": [balance("H1", "1.00", next_day(2)), balance("H2", "1.00", next_day(2))]}
    result = small_bank.load(feeds, day=next_day(2))
    assert (result.state, result.problem) == ("refused", "missing_days")
    assert result.detail["days"] == next_day().isoformat()
    assert total() == Decimal("100.00")


def test_the_very_next_day_misses_none(small_bank):
    small_bank.load({**FIRST, **every_day_is_open()})
    feeds = {"balance": [balance("H1", "60.00", next_day()), balance("H2", "40.00", next_day())]}
    assert "missing_days" not in log_codes(small_bank.load(feeds, day=next_day()).load_id)
