"""Credit of a customer: facilities, what secures them and the loans, and how good the debts are."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

from bankcrm.core import dates
from bankcrm.customers import codes, rules
from bankcrm.customers.models import Collateral, Facility, Holding, RiskMark
from bankcrm.customers.queries.lake import Availability, is_delivered
from bankcrm.customers.queries.subject import Subject, stranger_name
from bankcrm.org.clearance import clearance

Label = str | Promise
Target = tuple[str, int]  # what a collateral secures: ("holding" or "facility", its id)


@dataclass(frozen=True)
class FacilityLine:
    """A facility; amounts in its own currency. `due`: ends soon; `is_over`: has ended by its date."""

    row: Facility
    available: Decimal
    use_rate: Decimal | None
    is_due: bool
    is_over: bool


@dataclass(frozen=True)
class CollateralLine:
    """A piece of collateral. `coverage`: all that secures the same loan or facility against what is owed on it.

    `owner` is empty where the customer itself owns it; `secures`: what it secures, empty where that is nothing here.
    """

    row: Collateral
    description: str
    owner: str
    secures: Label
    lending_value: Decimal | None
    owed: Decimal | None
    coverage: Decimal | None


@dataclass(frozen=True)
class LoanRisk:
    """The classification of one loan."""

    row: RiskMark
    account: str
    product: Label
    is_good: bool


@dataclass(frozen=True)
class Risk:
    """What the risk system says. `ratings`: rows of the customer as such, one for each source customer."""

    state: Availability
    loans: tuple[LoanRisk, ...] = ()
    ratings: tuple[RiskMark, ...] = ()
    elsewhere: int = 0


@dataclass(frozen=True)
class Credit:
    """The tab. `elsewhere`: how many facilities, and pieces of collateral, belong to units that one does not see."""

    facilities_state: Availability
    collaterals_state: Availability
    risk: Risk
    facilities: tuple[FacilityLine, ...] = ()
    collaterals: tuple[CollateralLine, ...] = ()
    facilities_elsewhere: int = 0
    collaterals_elsewhere: int = 0


def credit(subject: Subject) -> Credit:
    """Facilities, collateral and risk of a customer. Needs `customers.credit`; risk: `Subject.sees_risk`."""
    subject.scope.require("customers.credit")
    facilities = list(
        subject.customer.facilities.exclude(status=codes.FacilityStatus.ENDED).order_by("to_on", "feed_key")
    )
    seen = [row for row in facilities if subject.sees_unit(row.unit_no)]
    pieces = _pieces(subject)
    known = [row for row in pieces if _is_seen(subject, row)]
    return Credit(
        facilities_state=_state("facility", bool(facilities)),
        collaterals_state=_state("collateral", bool(pieces)),
        risk=risk(subject),
        facilities=tuple(_facility_line(row, dates.today()) for row in seen),
        collaterals=_collateral_lines(subject, known),
        facilities_elsewhere=len(facilities) - len(seen),
        collaterals_elsewhere=len(pieces) - len(known),
    )


def risk(subject: Subject) -> Risk:
    """Classification by loan, ratings and watch list; says so where this reader may not see them."""
    if not subject.sees_risk:
        return Risk(Availability.DENIED)
    rows = list(subject.customer.risk_marks.select_related("holding__product").order_by("-days_overdue", "feed_key"))
    loans = [row for row in rows if row.risk_class]
    seen = [row for row in loans if row.holding is None or subject.sees_unit(row.holding.unit_no)]
    return Risk(
        state=_state("risk", bool(rows)),
        loans=tuple(_loan_risk(subject, row) for row in seen),
        ratings=tuple(row for row in rows if not row.risk_class),
        elsewhere=len(loans) - len(seen),
    )


def facilities_due(subject: Subject, on: date) -> list[Facility]:
    """Facilities in force that end soon, the nearest first, at units whose business the reader sees."""
    if not subject.scope.may("customers.credit"):
        return []
    rows = subject.customer.facilities.exclude(status=codes.FacilityStatus.ENDED).filter(to_on__gte=on)
    return [
        row
        for row in rows.order_by("to_on", "pk")
        if rules.falls_within(row.to_on, on, rules.DUE_DAYS) and subject.sees_unit(row.unit_no)
    ]


def _state(feed: str, has_rows: bool) -> Availability:
    if has_rows:
        return Availability.READY
    return Availability.NONE if is_delivered(feed) else Availability.UNDELIVERED


def _facility_line(row: Facility, on: date) -> FacilityLine:
    return FacilityLine(
        row=row,
        available=max(row.limit_amount - row.drawn_amount, Decimal(0)),
        use_rate=row.drawn_amount / row.limit_amount if row.limit_amount else None,
        is_due=rules.falls_within(row.to_on, on, rules.DUE_DAYS),
        is_over=row.to_on is not None and row.to_on < on,
    )


def _pieces(subject: Subject) -> list[Collateral]:
    """What secures this customer's debts, whoever owns it, and what it owns itself."""
    mine = subject.customer
    rows = Collateral.objects.everything(because="they secure debts of a customer that is read within a scope")
    wanted = Q(customer=mine) | Q(holding__customer=mine) | Q(facility__customer=mine)
    shown = rows.filter(wanted).exclude(status=codes.CollateralStatus.RELEASED)
    return list(
        shown.select_related("customer__organisation", "holding__product", "facility").order_by(
            "collateral_kind", "feed_key"
        )
    )


def _is_seen(subject: Subject, row: Collateral) -> bool:
    """Whether all units at whose debts it stands, those of this customer, are seen."""
    debts: list[Any] = [row.holding, row.facility]
    return all(
        subject.sees_unit(debt.unit_no)
        for debt in debts
        if debt is not None and debt.customer_id == subject.customer.pk
    )


def _secured(subject: Subject, row: Collateral) -> Holding | Facility | None:
    """The debt of this customer that it secures: the loan before the facility. Another customer's is not told."""
    for debt in (row.holding, row.facility):
        if debt is not None and debt.customer_id == subject.customer.pk:
            return debt
    return None


def _collateral_lines(subject: Subject, rows: list[Collateral]) -> tuple[CollateralLine, ...]:
    """Coverage is counted only between amounts of one currency."""
    sums: dict[Target, Decimal] = defaultdict(Decimal)
    for row in rows:
        debt, value = _secured(subject, row), _lending_value(row)
        if debt is not None and value is not None and debt.currency == row.currency:
            sums[_target(debt)] += value
    return tuple(_collateral_line(subject, row, sums) for row in rows)


def _target(debt: Holding | Facility) -> Target:
    return (debt._meta.model_name or "", debt.pk)


def _lending_value(row: Collateral) -> Decimal | None:
    """Value × rate; registered ones count only."""
    if row.advance_rate is None or row.status != codes.CollateralStatus.REGISTERED:
        return None
    return rules.to_cents(row.appraised_value * row.advance_rate)


def _owed(debt: Holding | Facility | None) -> Decimal | None:
    if debt is None:
        return None
    return debt.balance if isinstance(debt, Holding) else debt.drawn_amount


def _collateral_line(subject: Subject, row: Collateral, sums: dict[Target, Decimal]) -> CollateralLine:
    debt = _secured(subject, row)
    owed = _owed(debt) if subject.scope.may("customers.figures") else None
    value = sums.get(_target(debt)) if debt is not None and debt.currency == row.currency else None
    is_own = row.customer_id == subject.customer.pk
    clear = subject.clearance if is_own else clearance(subject.scope, "none")
    return CollateralLine(
        row=row,
        description=clear.show("address", row.description),
        owner="" if is_own else stranger_name(subject.scope, row.customer),
        secures=_secures(debt),
        lending_value=_lending_value(row),
        owed=owed,
        coverage=value / owed if value is not None and owed else None,
    )


def _secures(debt: Holding | Facility | None) -> Label:
    if debt is None:
        return ""
    if isinstance(debt, Facility):
        return debt.get_facility_kind_display()
    return debt.product.label if debt.product else debt.get_product_class_display()


def _loan_risk(subject: Subject, row: RiskMark) -> LoanRisk:
    loan = row.holding
    product: Label = ""
    if loan is not None:
        product = loan.product.label if loan.product else loan.get_product_class_display()
    return LoanRisk(
        row=row,
        account=subject.show("account", loan.account_number) if loan else "",
        product=product,
        is_good=row.risk_class == codes.RiskClass.NORMAL and not row.days_overdue,
    )
