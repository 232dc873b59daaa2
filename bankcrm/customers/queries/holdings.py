"""Accounts and products: by class with subtotals, and one holding in detail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from django.utils.functional import Promise

from bankcrm.customers import codes
from bankcrm.customers.models import Coverage, Customer, Holding, HoldingParty
from bankcrm.customers.queries.figures import Moment, UnitLine, by_unit, moment
from bankcrm.customers.queries.lake import Availability, Row, ask, published
from bankcrm.customers.queries.overview import class_label
from bankcrm.customers.queries.subject import Subject, name_class, stranger_name
from bankcrm.org.clearance import clearance

CURVE_DAYS = 400

Label = str | Promise


@dataclass(frozen=True)
class HoldingLine:
    """A holding at one moment. Balances: own currency, and base currency. `pk` None: it is no more, or not seen."""

    pk: int | None
    key: str
    account: str
    product: Label
    product_class: str
    figure_class: str
    unit: str
    currency: str
    status: str
    status_label: Label
    nature: Label
    opened_on: date | None
    matures_on: date | None
    rate: Decimal | None
    balance: Decimal | None
    balance_base: Decimal
    average_base: Decimal
    contract_amount: Decimal | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class ClassGroup:
    """The holdings of one product class with their subtotal in base currency. `elsewhere` are those not seen singly."""

    product_class: str
    figure_class: str
    label: Label
    lines: tuple[HoldingLine, ...]
    elsewhere_count: int = 0
    elsewhere_balance: Decimal = Decimal(0)
    elsewhere_average: Decimal = Decimal(0)

    @property
    def count(self) -> int:
        """Holdings of the class that stand in the subtotal."""
        return len(self.lines) + self.elsewhere_count

    @property
    def balance(self) -> Decimal:
        """Subtotal."""
        return sum((line.balance_base for line in self.lines), Decimal(0)) + self.elsewhere_balance

    @property
    def average(self) -> Decimal:
        """Subtotal of the month averages."""
        return sum((line.average_base for line in self.lines), Decimal(0)) + self.elsewhere_average


@dataclass(frozen=True)
class Holdings:
    """The tab of accounts and products. `closed`: those that were closed before the moment."""

    state: Availability
    moment: Moment
    groups: tuple[ClassGroup, ...] = ()
    closed: tuple[HoldingLine, ...] = ()
    some_elsewhere: bool = False
    units: tuple[UnitLine, ...] = ()


@dataclass(frozen=True)
class Party:
    """Somebody besides the first holder. `number` empty: outside the reader's scope."""

    role: Label
    name: str
    number: str
    share: Decimal | None


@dataclass(frozen=True)
class CurvePoint:
    """The balance at the end of a day, own currency, and of every day until the next point."""

    on: date
    balance: Decimal


@dataclass(frozen=True)
class HoldingDetail:
    """One holding: terms, parties, who covers it, and its balance through the last year."""

    holding: Holding
    account: str
    parties: tuple[Party, ...]
    coverage: tuple[Coverage, ...]
    state: Availability
    curve: tuple[CurvePoint, ...]


def holdings(subject: Subject, month: str = "", classes: Sequence[str] = ()) -> Holdings:
    """The holdings of a customer at the published date, or at the end of an earlier month; `classes`: only these."""
    at = moment(month)
    if not subject.scope.may("customers.figures"):
        return Holdings(Availability.DENIED, at)
    found = subject.customer.holdings.select_related("product", "unit").order_by("opened_on", "pk")
    rows = list(found.filter(product_class__in=classes) if classes else found)
    if at.is_current:
        return _grouped(subject, at, [(row, _line(subject, row)) for row in rows])
    answer = ask("holdings_at", {"customer_id": subject.customer.pk, "month": at.month, "unit_ids": None})
    if answer.state in (Availability.UNDELIVERED, Availability.UNAVAILABLE):
        return Holdings(answer.state, at)
    known = {row.key: row for row in rows}
    pairs = [(row, _past_line(subject, row, then)) for then in answer.rows if (row := known.get(then["holding_key"]))]
    return _grouped(subject, at, pairs)


def _line(subject: Subject, row: Holding) -> HoldingLine:
    return HoldingLine(
        pk=row.pk,
        key=row.key,
        account=subject.show("account", row.account_number),
        product=row.product.label if row.product else row.get_product_class_display(),
        product_class=row.product_class,
        figure_class=row.figure_class,
        unit=row.unit.label,
        currency=row.currency,
        status=row.status,
        status_label=row.get_status_display(),
        nature=row.get_account_nature_display(),
        opened_on=row.opened_on,
        matures_on=row.matures_on,
        rate=row.rate,
        balance=row.balance,
        balance_base=row.balance_base,
        average_base=row.average_base,
        contract_amount=row.contract_amount,
        closed_on=row.closed_on,
    )


def _past_line(subject: Subject, row: Holding, then: Row) -> HoldingLine:
    """What the lake knows of that month end; terms and unit are those of today."""
    now = _line(subject, row)
    return HoldingLine(
        **{
            **{name: getattr(now, name) for name in HoldingLine.__dataclass_fields__},
            "balance": then["balance"],
            "balance_base": then["balance_base"] or Decimal(0),
            "average_base": then["average_base"] or Decimal(0),
        }
    )


def _grouped(subject: Subject, at: Moment, pairs: list[tuple[Holding, HoldingLine]]) -> Holdings:
    is_open = {row.pk: row.closed_on is None or row.closed_on > at.on for row, _ in pairs}
    seen = [(row, line) for row, line in pairs if subject.sees_unit(row.unit_no)]
    unseen = [(row, line) for row, line in pairs if not subject.sees_unit(row.unit_no)] if subject.sees_totals else []
    opened = [line for row, line in seen if is_open[row.pk]]
    apart = [line for row, line in unseen if is_open[row.pk]]
    groups = [
        _group(name, opened, apart) for name in sorted({line.product_class for line in (*opened, *apart)}, key=_place)
    ]
    return Holdings(
        Availability.READY if groups or seen else Availability.NONE,
        at,
        tuple(sorted(groups, key=lambda group: _figure_place(group.figure_class))),
        tuple(line for row, line in seen if not is_open[row.pk]),
        some_elsewhere=bool(apart),
        units=by_unit(subject) if at.is_current else (),
    )


def _place(product_class: str) -> int:
    values = codes.ProductClass.values
    return values.index(product_class) if product_class in values else len(values)


def _figure_place(figure_class: str) -> int:
    values = codes.FigureClass.values
    return values.index(figure_class) if figure_class in values else len(values)


def _group(product_class: str, opened: Iterable[HoldingLine], apart: Iterable[HoldingLine]) -> ClassGroup:
    lines = tuple(line for line in opened if line.product_class == product_class)
    others = [line for line in apart if line.product_class == product_class]
    return ClassGroup(
        product_class,
        (lines or others)[0].figure_class,
        class_label(product_class),
        lines,
        len(others),
        sum((line.balance_base for line in others), Decimal(0)),
        sum((line.average_base for line in others), Decimal(0)),
    )


def holding_detail(subject: Subject, holding_id: int) -> HoldingDetail:
    """One holding of the customer. Raises Holding.DoesNotExist where it is another's, or booked out of sight."""
    row = subject.customer.holdings.select_related("product", "unit").get(pk=holding_id)
    if not subject.sees_unit(row.unit_no):
        raise Holding.DoesNotExist(holding_id)
    state, curve = _curve(subject, row)
    covered = [share for share in subject.all_coverage if share.object_key == row.key]
    return HoldingDetail(
        row, subject.show("account", row.account_number), _parties(subject, row), tuple(covered), state, curve
    )


def _parties(subject: Subject, row: Holding) -> tuple[Party, ...]:
    found: list[HoldingParty] = list(
        row.parties.everything(because="of a holding that was read through the scope").select_related(
            "customer__organisation"
        )
    )
    visible, plain = _visible_ids(subject, [party.customer_id for party in found]), clearance(subject.scope, "in_scope")
    return tuple(
        Party(
            party.get_party_role_display(),
            plain.show(name_class(party.customer), party.customer.label)
            if party.customer_id in visible
            else stranger_name(subject.scope, party.customer),
            party.customer.number if party.customer_id in visible else "",
            party.share,
        )
        for party in found
    )


def _visible_ids(subject: Subject, ids: list[int]) -> set[int]:
    if not ids:
        return set()
    return set(Customer.objects.within(subject.scope).filter(pk__in=ids).values_list("pk", flat=True))


def _curve(subject: Subject, row: Holding) -> tuple[Availability, tuple[CurvePoint, ...]]:
    if not subject.scope.may("customers.figures"):
        return Availability.DENIED, ()
    lake = published()
    if lake is None:
        return Availability.UNDELIVERED, ()
    to_on = lake.business_date + timedelta(days=1)
    from_on = lake.business_date - timedelta(days=CURVE_DAYS)
    answer = ask("holding_balance_curve", {"holding_key": row.key, "from_on": from_on, "to_on": to_on})
    points = tuple(CurvePoint(max(span["from_on"], from_on), span["balance"]) for span in answer.rows)
    return answer.state, points


def daily(points: Iterable[CurvePoint], until: date) -> list[CurvePoint]:
    """The balance of every day from the first point to `until`, for a picture with a true time axis."""
    found: list[CurvePoint] = []
    for _on, same_day in groupby(points, key=lambda point: point.on):
        point = list(same_day)[-1]
        while found and found[-1].on + timedelta(days=1) < point.on:
            found.append(CurvePoint(found[-1].on + timedelta(days=1), found[-1].balance))
        found.append(point)
    while found and found[-1].on < until:
        found.append(CurvePoint(found[-1].on + timedelta(days=1), found[-1].balance))
    return found
