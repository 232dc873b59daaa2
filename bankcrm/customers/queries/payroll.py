"""Payroll through the bank: whom an organisation pays, and by whom a person is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from bankcrm.core import dates
from bankcrm.customers.models import Customer, PayrollPair
from bankcrm.customers.queries.lake import Availability, ask, is_delivered, published
from bankcrm.customers.queries.subject import Subject, name_class, stranger_name
from bankcrm.org.clearance import clearance

PERMISSION = "customers.transactions"
MONTHS = 13
PAGE = 30


@dataclass(frozen=True)
class PayrollMonth:
    """What was paid in a month, in one currency."""

    month: str
    currency: str
    persons: int
    payments: int
    amount: Decimal


@dataclass(frozen=True)
class PaidLine:
    """A pair seen from one side: the other party with its name as the reader may see it. `number`: of one in scope."""

    row: PayrollPair
    name: str
    number: str


@dataclass(frozen=True)
class Elsewhere:
    """Paid persons whom the reader does not see, as totals of one currency."""

    currency: str
    persons: int
    last_amount: Decimal


@dataclass(frozen=True)
class Payroll:
    """The tab: by month, as payer (`paid`, a page at a time from `next`), and as paid (`payers`)."""

    state: Availability
    months_state: Availability
    months: tuple[PayrollMonth, ...] = ()
    payers: tuple[PaidLine, ...] = ()
    paid: tuple[PaidLine, ...] = ()
    paid_count: int = 0
    elsewhere: tuple[Elsewhere, ...] = ()
    next: int | None = None


def payroll(subject: Subject, after: int = 0, size: int = PAGE) -> Payroll:
    """Both sides of a customer's payroll. Needs `customers.transactions`. One query of the lake."""
    subject.scope.require(PERMISSION)
    if not is_delivered("payroll"):
        return Payroll(Availability.UNDELIVERED, Availability.UNDELIVERED)
    payers = _payers(subject)
    pairs = PayrollPair.objects.within(subject.scope).filter(payer=subject.customer)
    mine = pairs.select_related("customer__organisation").order_by("pk")
    rows = list(mine.filter(pk__gt=after)[: size + 1])
    seen = pairs.count() if rows or after else 0
    elsewhere = _elsewhere(subject, pairs)
    if not (payers or seen or elsewhere):
        return Payroll(Availability.NONE, Availability.NONE)
    months_state, months = _months(subject, is_payer=bool(seen or elsewhere))
    return Payroll(
        state=Availability.READY,
        months_state=months_state,
        months=months,
        payers=payers,
        paid=tuple(_line(subject, row, row.customer, is_seen=True) for row in rows[:size]),
        paid_count=seen,
        elsewhere=elsewhere,
        next=rows[size - 1].pk if len(rows) > size else None,
    )


def _payers(subject: Subject) -> tuple[PaidLine, ...]:
    rows = list(subject.customer.paid_by.select_related("payer__organisation").order_by("-last_on", "pk"))
    known = Customer.objects.within(subject.scope).filter(pk__in=[row.payer_id for row in rows if row.payer_id])
    seen = set(known.values_list("pk", flat=True)) if rows else set()
    return tuple(_line(subject, row, row.payer, is_seen=row.payer_id in seen) for row in rows)


def _line(subject: Subject, row: PayrollPair, other: Customer | None, *, is_seen: bool) -> PaidLine:
    if other is None:
        return PaidLine(row, row.payer_name, "")
    if not is_seen:
        return PaidLine(row, stranger_name(subject.scope, other), "")
    name = clearance(subject.scope, "in_scope").show(name_class(other), other.label)
    return PaidLine(row, name, other.number)


def _elsewhere(subject: Subject, pairs: QuerySet[PayrollPair]) -> tuple[Elsewhere, ...]:
    """All pairs of the payer less those in scope, counted in the database."""
    everything = PayrollPair.objects.everything(because="totals of a customer that is read within a scope")
    others = everything.filter(payer=subject.customer).exclude(pk__in=pairs.values("pk"))
    rows = others.values("currency").annotate(persons=Count("customer", distinct=True), last=Sum("last_amount"))
    return tuple(Elsewhere(row["currency"], row["persons"], row["last"]) for row in rows.order_by("currency"))


def _months(subject: Subject, *, is_payer: bool) -> tuple[Availability, tuple[PayrollMonth, ...]]:
    keys = sorted(subject.customer.sources.values_list("key", flat=True))
    first, last = _period()
    sides: dict[str, Sequence[str] | None] = {"payer_keys": keys, "paid_keys": None}
    if not is_payer:
        sides = {"payer_keys": None, "paid_keys": keys}
    answer = ask("payroll_months", {**sides, "from_on": first, "to_on": last})
    months = tuple(
        PayrollMonth(row["month"], row["currency"], row["persons"], row["payments"], row["amount"])
        for row in answer.rows
    )
    return answer.state, months


def _period() -> tuple[date, date]:
    lake = published()
    last = lake.business_date if lake else dates.today()
    return dates.in_n_months(dates.month_start(dates.month_of(last)), 1 - MONTHS), last
