"""The internal transfer price (FTP) that is locked for a holding's present term."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bankcrm.customers import codes
from bankcrm.customers.models import Holding
from bankcrm.customers.queries.lake import Availability, ask, is_delivered
from bankcrm.customers.queries.subject import Subject

SOURCE = "source"
PRICED = (codes.FigureClass.DEPOSIT, codes.FigureClass.LOAN)


@dataclass(frozen=True)
class TransferPrice:
    """A locked price, or why there is none. `curve_on`: the curve it was taken from; empty where the source says it."""

    state: Availability
    rate: Decimal | None = None
    locked_on: date | None = None
    term_days: int | None = None
    curve_on: date | None = None


def transfer_price(subject: Subject, holding: Holding) -> TransferPrice | None:
    """The price of a deposit or loan with a term; None for what locks none. Denied without `customers.income`."""
    if holding.figure_class not in PRICED or holding.matures_on is None:
        return None
    if not subject.scope.may("customers.income"):
        return TransferPrice(Availability.DENIED)
    answer = ask("holding_ftp", {"holding_key": holding.key})
    if answer.state is not Availability.READY:
        unpriced = answer.state is Availability.NONE and not is_delivered("ftp_rate")
        return TransferPrice(Availability.UNDELIVERED if unpriced else answer.state)
    row = answer.rows[0]
    return TransferPrice(Availability.READY, row["rate"], row["locked_on"], row["term_days"], row["curve_on"])
