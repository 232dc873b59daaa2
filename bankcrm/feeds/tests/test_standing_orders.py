"""Standing orders come in with a load, and go when they are no longer delivered."""

from decimal import Decimal

import pytest

from bankcrm.customers.models import StandingOrder
from bankcrm.feeds.tests.small_bank import FIRST, next_day

pytestmark = pytest.mark.django_db(transaction=True)


def order(number, holding="H1", **more):
    return {
        "source_system": "CORE", "standing_order_id": number, "holding_id": holding, "payee_name": "房东",
        "payee_account": "6228480030212345679", "amount": "3200.00", "currency": "CNY", "frequency": "monthly",
        "next_on": "2026-12-05", **more,
    }  # fmt: skip


def known():
    rows = StandingOrder.objects.everything(because="test").select_related("holding", "customer").order_by("feed_key")
    return [(row.feed_key, row.customer.name, row.holding.key, row.amount) for row in rows]


def test_orders_follow_their_holding_and_go_when_they_are_no_longer_delivered(small_bank):
    rows = [order("1"), order("2", "H2", amount=""), order("3", "nobody's")]
    result = small_bank.load({**FIRST, "standing_order": rows})
    assert result.state == "published"
    assert known() == [("CORE/1", "张三", "CORE/H1", Decimal("3200.00")), ("CORE/2", "李四", "CORE/H2", None)]
    again = small_bank.load({"standing_order": [order("1")]}, day=next_day())
    assert (again.changed["standing_order"], len(known())) == (1, 1)


def test_an_amount_of_nothing_is_left_out_and_the_order_stays(small_bank):
    assert small_bank.load({**FIRST, "standing_order": [order("1", amount="0.00")]}).state == "published"
    assert known() == [("CORE/1", "张三", "CORE/H1", None)]
