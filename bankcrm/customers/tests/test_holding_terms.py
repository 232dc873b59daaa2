"""The page of a holding: its locked transfer price and its standing orders, to whom, and what else stands there."""

import datetime as dt
from decimal import Decimal

import factory
import pytest
from django.urls import reverse

from bankcrm.customers.models import StandingOrder
from bankcrm.customers.queries import lake
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.orders import standing_orders
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.queries.transfer import transfer_price
from bankcrm.customers.tests.factories import HoldingFactory
from bankcrm.org import roles
from bankcrm.org.tests.factories import OwnedFactory, scope_of, user_with_post

pytestmark = pytest.mark.django_db
LOCKED = {
    "locked_on": dt.date(2025, 1, 10), "term_days": 365, "rate": Decimal("0.02050000"),
    "curve_on": dt.date(2025, 1, 6), "origin": "curve",
}  # fmt: skip


class OrderFactory(OwnedFactory):
    """A monthly rent."""

    class Meta:
        model = StandingOrder

    feed_key = factory.Sequence(lambda n: f"CORE/SO{n}")
    customer = factory.LazyAttribute(lambda row: row.holding.customer)
    payee_name = "欧阳房东"
    payee_account = "6228480030212345679"
    payee_bank = "工商银行"
    amount = Decimal("3200.00")
    currency = "CNY"
    frequency = "monthly"
    next_on = dt.date(2026, 12, 5)
    purpose = "房租"


@pytest.fixture(autouse=True)
def deliveries(monkeypatch):
    """The feeds that were delivered: none unless a test adds one."""
    known = set()
    monkeypatch.setattr(lake, "_deliveries", [known.__contains__])
    return known


@pytest.fixture
def deposit(cast):
    return HoldingFactory(customer=cast.customer, unit=cast.a, matures_on=dt.date(2026, 1, 10))


def page(cast, who, holding, language="en"):
    client = cast.client(who)
    client.cookies["bankcrm_language"] = language
    address = reverse("customers:holding", args=[holding.customer.number, holding.pk])
    return client.get(address, headers={"hx-request": "true", "accept-language": language}).content.decode()


def price(cast, who, holding):
    return transfer_price(subject(cast.scope(who), holding.customer.number), holding)


def test_the_locked_price_stands_on_the_holding_with_its_day_and_curve(cast, fake_lake, deposit):
    fake_lake.answers["holding_ftp"] = [LOCKED]
    text = page(cast, "lin", deposit)
    for expected in ("2.05%", "locked 2025-01-10 for 365 days", "curve of 2025-01-06"):
        assert expected in text
    assert "内部转移价" in page(cast, "lin", deposit, "zh-hans")


def test_a_price_that_the_source_keeps_names_no_curve(cast, fake_lake, deposit):
    fake_lake.answers["holding_ftp"] = [{**LOCKED, "curve_on": None, "origin": "source"}]
    assert "as the source keeps it" in page(cast, "lin", deposit)


def test_without_the_right_to_see_income_the_price_is_not_asked_for(cast, fake_lake, deposit, monkeypatch):
    held = frozenset(roles.ROLES["relationship_manager"].permissions - {"customers.income"})
    monkeypatch.setitem(
        roles.ROLES, "relationship_manager", roles.Role("relationship_manager", "Relationship manager", held)
    )
    fake_lake.answers["holding_ftp"] = [LOCKED]
    assert price(cast, "lin", deposit).state is Availability.DENIED
    assert "2.05%" not in page(cast, "lin", deposit)
    assert "holding_ftp" not in [name for name, _params in fake_lake.asked]


def test_no_price_no_delivery_and_no_term_are_three_things(cast, fake_lake, deposit, deliveries):
    assert price(cast, "lin", deposit).state is Availability.UNDELIVERED
    deliveries.add("ftp_rate")
    assert price(cast, "lin", deposit).state is Availability.NONE
    demand = HoldingFactory(customer=cast.customer, unit=cast.a, product_class="demand_deposit")
    assert price(cast, "lin", demand) is None
    card = HoldingFactory(customer=cast.customer, unit=cast.a, figure_class="card", matures_on=dt.date(2030, 1, 1))
    assert price(cast, "lin", card) is None
    assert "Transfer price" not in page(cast, "lin", demand)


def test_standing_orders_stand_on_their_holding_with_the_payee_masked(cast, fake_lake, deposit):
    OrderFactory(holding=deposit)
    OrderFactory(holding=HoldingFactory(customer=cast.customer, unit=cast.a), purpose="另一账户")
    text = page(cast, "lin", deposit)
    for expected in ("3,200.00", "Monthly", "2026-12-05", "房租", "622848*********5679"):
        assert expected in text
    assert "6228480030212345679" not in text
    assert "另一账户" not in text


def test_an_amount_that_varies_is_no_zero(cast, fake_lake, deposit):
    OrderFactory(holding=deposit, amount=None)
    assert "varies" in page(cast, "lin", deposit)


def test_none_and_not_delivered_are_told_apart(cast, fake_lake, deliveries):
    demand = HoldingFactory(customer=cast.customer, unit=cast.a, product_class="demand_deposit")
    assert "Not delivered yet" in page(cast, "lin", demand)
    deliveries.add("standing_order")
    assert "No standing order" in page(cast, "lin", demand)


def test_who_may_not_see_transactions_sees_no_orders(cast, deposit):
    OrderFactory(holding=deposit)
    manager = scope_of(user_with_post("product_manager", "bank", unit=cast.a))
    found = standing_orders(subject(manager, cast.customer.number), deposit)
    assert (found.state, found.lines) == (Availability.DENIED, ())


def test_orders_are_as_visible_as_their_customer(cast, deposit):
    OrderFactory(holding=deposit)
    assert StandingOrder.objects.within(cast.scope("zhao")).count() == 1
    assert StandingOrder.objects.within(cast.scope("chen")).count() == 0
    with pytest.raises(Exception, match="without a scope"):
        StandingOrder.objects.count()
