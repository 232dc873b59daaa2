"""Income once more, booking by booking in plain Python. The lake's SQL is held to it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bankcrm.feeds.tests.figures_twin import rate_on, rounded

CLASSES = {"demand": "demand_deposit", "loan": "consumer_loan"}


@dataclass(frozen=True)
class Booking:
    """A row of the feed. `holding` and `customer` are delivered ids, or None."""

    holding: str | None
    customer: str | None
    kind: str
    unit: str
    currency: str
    amount: Decimal
    on: date
    product_class: str | None = None


def income(bookings, *, holders, products, customers, rates, unidentified):
    """(customer, unit, class, kind, month) -> base currency. `holders` and `products` by holding id."""
    totals = defaultdict(Decimal)
    for one in bookings:
        if one.holding in holders:
            owner = customers.get(holders[one.holding], unidentified)
            kind_of_product = CLASSES[products[one.holding]]
        else:
            owner = customers.get(one.customer, unidentified)
            kind_of_product = one.product_class or "unknown"
        base = rounded(one.amount * rate_on(rates, one.currency, one.on))
        totals[owner, one.unit, kind_of_product, one.kind, f"{one.on:%Y-%m}"] += base
    return dict(totals)
