"""Transactions of a customer, from the lake: filtered, a page at a time, with totals of the whole filter."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from json import dumps, loads
from typing import Any

from django.utils.functional import Promise

from bankcrm.core import dates
from bankcrm.core.extensions import SourceSilentError
from bankcrm.customers import codes
from bankcrm.customers.models import Holding
from bankcrm.customers.queries.lake import Availability, Row, ask, published
from bankcrm.customers.queries.subject import Subject

PAGE = 50
DEFAULT_MONTHS = 3
EARLIEST = date(1900, 1, 1)
PORTION = 1_000

Label = str | Promise


@dataclass(frozen=True)
class Place:
    """After which transaction a page begins: its day and the order within the day."""

    on: date
    key: str

    def token(self) -> str:
        """For an address. No secret: the page has shown it."""
        return urlsafe_b64encode(dumps([self.on.isoformat(), self.key]).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, token: str) -> "Place | None":
        """The place of an address; None for a token that is none."""
        try:
            on, key = loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
            return cls(date.fromisoformat(on), str(key))
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True)
class Filter:
    """What the reader wants to see; `to_on` is the last day, included."""

    from_on: date
    to_on: date
    holding_id: int | None = None
    min_amount: Decimal | None = None
    max_amount: Decimal | None = None
    channel: str = ""
    direction: str = ""
    text: str = ""


@dataclass(frozen=True)
class TransactionLine:
    """One transaction as the reader may see it."""

    on: date
    at: datetime | None
    holding_id: int
    account: str
    product: Label
    is_credit: bool
    amount: Decimal
    currency: str
    balance_after: Decimal | None
    kind: Label
    channel: Label
    counterparty: str
    counterparty_account: str
    counterparty_bank: str
    summary: str


@dataclass(frozen=True)
class Total:
    """In and out of one currency, over the whole filter."""

    currency: str
    in_count: int
    in_amount: Decimal
    out_count: int
    out_amount: Decimal

    @property
    def net(self) -> Decimal:
        """What came in more than went out."""
        return self.in_amount - self.out_amount


@dataclass(frozen=True)
class Transactions:
    """A page of transactions, the newest first. `next`: where the next page begins."""

    state: Availability
    lines: tuple[TransactionLine, ...] = ()
    next: str = ""


def default_period() -> tuple[date, date]:
    """The last `DEFAULT_MONTHS` months up to the business date."""
    lake = published()
    to_on = lake.business_date if lake else dates.today()
    return dates.in_n_months(to_on, -DEFAULT_MONTHS) + timedelta(days=1), to_on


def visible_holdings(subject: Subject) -> list[Holding]:
    """The holdings whose transactions the reader may see, the closed ones last."""
    rows = subject.customer.holdings.select_related("product").order_by("product_class", "pk")
    seen = [row for row in rows if subject.sees_unit(row.unit_no)]
    return sorted(seen, key=lambda row: row.status == codes.HoldingStatus.CLOSED)


def transactions(
    subject: Subject, wanted: Filter, holdings: list[Holding], place: Place | None = None, size: int = PAGE
) -> Transactions:
    """One page. `holdings` are the visible ones. One query of the lake."""
    params = {
        **_params(wanted, holdings),
        "before_on": place.on if place else None,
        "before_key": place.key if place else None,
        "limit": size + 1,
    }
    answer = ask("customer_transactions", params)
    rows = answer.rows
    known = {row.key: row for row in holdings}
    lines = tuple(_line(subject, row, known[row["holding_key"]]) for row in rows[:size])
    last = rows[size - 1] if len(rows) > size else None
    token = Place(last["transacted_on"], last["page_key"]).token() if last else ""
    return Transactions(answer.state, lines, token)


def all_transactions(subject: Subject) -> Iterator[tuple[Holding, Row]]:
    """Every transaction of the customer as delivered, the newest first, with its account: for the customer alone.

    Raises SourceSilentError where the lake does not answer.
    """
    holdings = visible_holdings(subject)
    known = {row.key: row for row in holdings}
    params = {**_params(Filter(EARLIEST, dates.today()), holdings), "before_on": None, "before_key": None}
    while known:
        answer = ask("customer_transactions", {**params, "limit": PORTION})
        if answer.state is Availability.UNAVAILABLE:
            raise SourceSilentError
        yield from ((known[row["holding_key"]], row) for row in answer.rows)
        if len(answer.rows) < PORTION:
            return
        last = answer.rows[-1]
        params |= {"before_on": last["transacted_on"], "before_key": last["page_key"]}


def totals(wanted: Filter, holdings: list[Holding]) -> tuple[Availability, tuple[Total, ...]]:
    """In and out by currency over the whole filter. One query of the lake."""
    answer = ask("customer_transaction_totals", _params(wanted, holdings))
    found = tuple(
        Total(
            row["currency"],
            row["credit_count"],
            row["credit_amount"],
            row["debit_count"],
            row["debit_amount"],
        )
        for row in answer.rows
    )
    return answer.state, found


def _params(wanted: Filter, holdings: list[Holding]) -> dict[str, Any]:
    chosen = [row for row in holdings if wanted.holding_id in (None, row.pk)]
    return {
        "source_keys": sorted({row.source_key for row in chosen}),
        "holding_keys": [row.key for row in chosen],
        "from_on": wanted.from_on,
        "to_on": wanted.to_on,
        "min_amount": wanted.min_amount,
        "max_amount": wanted.max_amount,
        "channel": wanted.channel or None,
        "direction": wanted.direction or None,
        "text": wanted.text or None,
    }


def _word(choices: Iterable[tuple[str, Label]], code: str | None) -> Label:
    return dict(choices).get(code or "", code or "")


def _line(subject: Subject, row: Row, holding: Holding) -> TransactionLine:
    """Counterparties are third parties: their accounts are masked; their names are business of this customer."""
    return TransactionLine(
        on=row["transacted_on"],
        at=row.get("transacted_at"),
        holding_id=holding.pk,
        account=subject.show("account", holding.account_number),
        product=holding.product.label if holding.product else holding.get_product_class_display(),
        is_credit=row["direction"] == codes.Direction.CREDIT,
        amount=row["amount"],
        currency=row["currency"],
        balance_after=row.get("balance_after"),
        kind=_word(codes.TransactionType.choices, row.get("transaction_type")),
        channel=_word(codes.Channel.choices, row.get("channel")),
        counterparty=subject.show("person_name", row.get("counterparty_name")),
        counterparty_account=subject.show("account", row.get("counterparty_account")),
        counterparty_bank=row.get("counterparty_bank") or "",
        summary=row.get("summary") or "",
    )
