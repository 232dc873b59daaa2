"""Bills and trade finance of a customer: what stands, in which currency, and when it falls due."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise

from bankcrm.core import dates
from bankcrm.customers import codes, rules
from bankcrm.customers.models import Bill, Facility, Holding, TradeFinance
from bankcrm.customers.queries.figures import Moment
from bankcrm.customers.queries.holdings import ClassGroup, HoldingLine, holdings
from bankcrm.customers.queries.lake import Availability, is_delivered
from bankcrm.customers.queries.subject import Subject, name_class
from bankcrm.customers.trade_codes import STANDING, TRADE_CLASSES

Label = str | Promise
ZERO = Decimal(0)


@dataclass(frozen=True)
class BillLine:
    """A bill as the reader sees it: companies' names are public, all others are masked like parties of payments."""

    row: Bill
    drawer: str
    acceptor: str
    payee: str
    is_standing: bool


@dataclass(frozen=True)
class TradeLine:
    """One contract. `facility`: what it draws on, where the reader sees that. `kind`: finer than the class."""

    holding: HoldingLine
    kind: Label
    number: str
    counterparty: str
    bills: tuple[BillLine, ...]
    margin: Decimal | None
    facility: Facility | None


@dataclass(frozen=True)
class TradeGroup:
    """The open contracts of one class. Subtotals of what other units book stand in `group`."""

    group: ClassGroup
    lines: tuple[TradeLine, ...]


@dataclass(frozen=True)
class Total:
    """Open contracts of a class in one currency; `currency` empty: booked by other units, in base currency only."""

    label: Label
    figure_class: str
    currency: str
    count: int
    balance: Decimal
    balance_base: Decimal


@dataclass(frozen=True)
class DueMonth:
    """What falls due in a month (`YYYY-MM`; empty: no day is known). Base currency, and by currency its own amounts."""

    month: str
    count: int
    contingent: Decimal
    lent: Decimal
    amounts: tuple[tuple[str, Decimal], ...]
    is_past: bool


@dataclass(frozen=True)
class Trade:
    """The tab. `contingent`, `lent`: base currency, off and on the balance sheet, other units' included where seen."""

    state: Availability
    moment: Moment
    totals: tuple[Total, ...] = ()
    due: tuple[DueMonth, ...] = ()
    groups: tuple[TradeGroup, ...] = ()
    closed: tuple[TradeLine, ...] = ()
    contingent: Decimal = ZERO
    lent: Decimal = ZERO
    elsewhere: int = 0


@dataclass(frozen=True)
class Particulars:
    """What one holding has beside its terms. All empty for holdings of other classes."""

    is_trade: bool = False
    bills: tuple[BillLine, ...] = ()
    contract: TradeFinance | None = None
    counterparty: str = ""
    facility: Facility | None = None


def trade(subject: Subject, month: str = "") -> Trade:
    """Bills and trade finance at the published date, or at the end of an earlier month; particulars are today's.

    Needs `customers.figures`. Four queries, one more of the lake for an earlier month.
    """
    subject.scope.require("customers.figures")
    held = holdings(subject, month, TRADE_CLASSES)
    if held.state not in (Availability.READY, Availability.NONE):
        return Trade(held.state, held.moment)
    if not held.groups and not held.closed:
        delivered = is_delivered("bill") or is_delivered("trade_finance")
        return Trade(Availability.NONE if delivered else Availability.UNDELIVERED, held.moment)
    known = _Particulars(subject)
    groups = tuple(
        TradeGroup(group, tuple(known.line(line) for line in group.lines))
        for group in sorted(held.groups, key=lambda group: _place(group.product_class))
    )
    lines = [line for group in groups for line in group.lines]
    return Trade(
        Availability.READY,
        held.moment,
        totals=tuple(total for group in groups for total in _totals(group.group)),
        due=_calendar(lines, held.moment),
        groups=groups,
        closed=tuple(known.line(line) for line in held.closed),
        contingent=_sum(groups, codes.FigureClass.CONTINGENT),
        lent=_sum(groups, codes.FigureClass.LOAN),
        elsewhere=sum(group.group.elsewhere_count for group in groups),
    )


def particulars(subject: Subject, row: Holding) -> Particulars:
    """Bills, or the terms of a letter of credit, guarantee or advance, of a holding that was read through the scope."""
    if row.product_class not in TRADE_CLASSES:
        return Particulars()
    known = _Particulars(subject, row)
    bills, contract = known.bills.get(row.key, ()), known.contracts.get(row.key)
    return Particulars(
        True,
        tuple(known.bill(bill) for bill in bills),
        contract,
        party(subject, contract.counterparty_name) if contract else "",
        known.facility_of(bills, contract),
    )


def party(subject: Subject, name: str) -> str:
    """A name on a bill or contract as the reader may see it: the customer's own as in the head, companies' in plain."""
    if name == subject.customer.name:
        return subject.show(name_class(subject.customer), name)
    return subject.show("company_name" if rules.is_company_name(name) else "person_name", name)


class _Particulars:
    """The bills and contracts of a customer, or of one holding, by the holding's key. Two queries."""

    def __init__(self, subject: Subject, holding: Holding | None = None) -> None:
        self.subject = subject
        bills = subject.customer.bills.select_related("holding", "facility").order_by("due_on", "feed_key")
        contracts = subject.customer.trade_finances.select_related("holding", "facility")
        if holding is not None:
            bills, contracts = bills.filter(holding=holding), contracts.filter(holding=holding)
        found: dict[str, list[Bill]] = defaultdict(list)
        for bill in bills:
            found[bill.holding.key].append(bill)
        self.bills = found
        self.contracts = {row.holding.key: row for row in contracts}

    def line(self, line: HoldingLine) -> TradeLine:
        bills, contract = self.bills.get(line.key, []), self.contracts.get(line.key)
        shown = tuple(self.bill(bill) for bill in bills)
        return TradeLine(
            holding=line,
            kind=contract.get_trade_kind_display() if contract else _bill_kind(bills),
            number=contract.reference_number if contract else (bills[0].bill_number if len(bills) == 1 else ""),
            counterparty=party(self.subject, contract.counterparty_name) if contract else _other_side(line, shown),
            bills=shown,
            margin=contract.margin_ratio if contract else next((bill.margin_ratio for bill in bills), None),
            facility=self.facility_of(bills, contract),
        )

    def bill(self, row: Bill) -> BillLine:
        """The bill as the reader may see it."""
        drawer, acceptor, payee = (
            party(self.subject, name) for name in (row.drawer_name, row.acceptor_name, row.payee_name)
        )
        return BillLine(row, drawer, acceptor, payee, is_standing=row.status in STANDING)

    def facility_of(self, bills: Iterable[Bill], contract: TradeFinance | None) -> Facility | None:
        facility = contract.facility if contract else next((bill.facility for bill in bills if bill.facility), None)
        may = self.subject.scope.may("customers.credit")
        return facility if facility is not None and may and self.subject.sees_unit(facility.unit_no) else None


def _bill_kind(bills: list[Bill]) -> Label:
    return bills[0].get_bill_kind_display() if bills else ""


def _other_side(line: HoldingLine, bills: tuple[BillLine, ...]) -> str:
    """Of an acceptance who is paid, of a discount who will pay; nobody where the bills name several."""
    accepted = line.product_class == codes.ProductClass.ACCEPTANCE
    names = {bill.payee if accepted else bill.acceptor for bill in bills}
    return names.pop() if len(names) == 1 else ""


def _place(product_class: str) -> int:
    return [str(one) for one in TRADE_CLASSES].index(product_class)


def _sum(groups: Iterable[TradeGroup], figure_class: str) -> Decimal:
    return sum((one.group.balance for one in groups if one.group.figure_class == figure_class), ZERO)


def _totals(group: ClassGroup) -> list[Total]:
    """One for each currency, the most of it first; what other units book is known in base currency only."""
    found: dict[str, list[HoldingLine]] = defaultdict(list)
    for line in group.lines:
        found[line.currency].append(line)
    totals = [
        Total(
            group.label,
            group.figure_class,
            currency,
            len(lines),
            sum((line.balance or ZERO for line in lines), ZERO),
            sum((line.balance_base for line in lines), ZERO),
        )
        for currency, lines in found.items()
    ]
    totals.sort(key=lambda total: (-total.balance_base, total.currency))
    if group.elsewhere_count:
        away = group.elsewhere_balance
        totals.append(Total(group.label, group.figure_class, "", group.elsewhere_count, away, away))
    return totals


@dataclass(frozen=True)
class _Piece:
    on: date | None
    currency: str
    amount: Decimal
    base: Decimal
    is_contingent: bool


def _pieces(line: TradeLine, at: Moment) -> list[_Piece]:
    """A contract's balance by due day: its standing bills where these add up to it, else all of it at its maturity.

    In an earlier month nobody knows which bills stood then.
    """
    held = line.holding
    balance, contingent = held.balance or ZERO, held.figure_class == codes.FigureClass.CONTINGENT
    if not balance:
        return []
    bills = [bill.row for bill in line.bills if bill.is_standing] if at.is_current else []
    if not bills or sum(bill.amount for bill in bills) != balance:
        return [_Piece(held.matures_on, held.currency, balance, held.balance_base, contingent)]
    pieces, left = [], held.balance_base
    for number, bill in enumerate(bills, start=1):
        part = left if number == len(bills) else rules.to_cents(held.balance_base * bill.amount / balance)
        pieces.append(_Piece(bill.due_on, held.currency, bill.amount, part, contingent))
        left -= part
    return pieces


def _calendar(lines: Iterable[TradeLine], at: Moment) -> tuple[DueMonth, ...]:
    """By month, the nearest first; what has no day comes last. It adds up to the totals of what is seen singly."""
    months: dict[tuple[str, bool], list[_Piece]] = defaultdict(list)
    for line in lines:
        for piece in _pieces(line, at):
            month = dates.month_of(piece.on) if piece.on else ""
            months[month, piece.on is not None and piece.on < at.on].append(piece)
    places = sorted(months, key=lambda key: (not key[0], key[0], not key[1]))
    return tuple(_due_month(month, months[month, is_past], is_past=is_past) for month, is_past in places)


def _due_month(month: str, pieces: list[_Piece], *, is_past: bool) -> DueMonth:
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for piece in pieces:
        amounts[piece.currency] += piece.amount
    return DueMonth(
        month,
        len(pieces),
        sum((piece.base for piece in pieces if piece.is_contingent), ZERO),
        sum((piece.base for piece in pieces if not piece.is_contingent), ZERO),
        tuple(sorted(amounts.items())),
        is_past,
    )
