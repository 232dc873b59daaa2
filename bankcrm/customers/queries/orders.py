"""Standing orders of a holding."""

from dataclasses import dataclass

from bankcrm.customers.models import Holding, StandingOrder
from bankcrm.customers.queries.lake import Availability, is_delivered
from bankcrm.customers.queries.subject import Subject


@dataclass(frozen=True)
class OrderLine:
    """A standing order as the reader sees it: who is paid stands masked like any other party of a payment."""

    row: StandingOrder
    payee: str
    account: str


@dataclass(frozen=True)
class Orders:
    """What is paid out of a holding again and again, the next first."""

    state: Availability
    lines: tuple[OrderLine, ...] = ()


def standing_orders(subject: Subject, holding: Holding) -> Orders:
    """Standing orders of a holding that the reader sees. Denied without `customers.transactions`."""
    if not subject.scope.may("customers.transactions"):
        return Orders(Availability.DENIED)
    rows = holding.standing_orders.scoped_already(because="of a holding that was read through the scope")
    lines = tuple(
        OrderLine(row, subject.show("person_name", row.payee_name), subject.show("account", row.payee_account))
        for row in rows.order_by("next_on", "pk")
    )
    if lines:
        return Orders(Availability.READY, lines)
    return Orders(Availability.NONE if is_delivered("standing_order") else Availability.UNDELIVERED)
