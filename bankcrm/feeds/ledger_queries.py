"""Reads of accounts against the ledger: cells, differences, and the accounts of one cell."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q

from bankcrm.core import dates
from bankcrm.core.masking import Clearance
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer, Holding
from bankcrm.customers.queries.lake import Availability, Row, ask
from bankcrm.customers.queries.subject import name_class
from bankcrm.feeds.models import LedgerCell, LedgerDifference
from bankcrm.feeds.publish.ledger import tolerance
from bankcrm.feeds.queries import current_business_date
from bankcrm.feeds.querysets import LedgerQuerySet
from bankcrm.org.clearance import clearance

PAGE = 50


@dataclass(frozen=True)
class LedgerStatus:
    """How the last comparison came out. `compared_on`: None where no ledger of the build's date was delivered."""

    business_date: date | None
    compared_on: date | None
    cells: int
    differing: int
    by_state: dict[str, int]

    @property
    def tied(self) -> int:
        """Cells whose accounts add up to the ledger."""
        return self.cells - self.differing


def ledger_status(scope: Scope) -> LedgerStatus:
    """Counts of the cells in the scope, and of the worklist by state. Needs `feeds.ledger`."""
    limit = tolerance()
    differs = Q(difference__gt=limit) | Q(difference__lt=-limit)
    counted = cells(scope).aggregate(n=Count("pk"), differing=Count("pk", filter=differs), on=Max("as_of"))
    states = differences(scope).order_by().values("state").annotate(n=Count("pk"))
    return LedgerStatus(
        current_business_date(),
        counted["on"],
        counted["n"],
        counted["differing"],
        {row["state"]: row["n"] for row in states},
    )


def cells(scope: Scope) -> LedgerQuerySet[LedgerCell]:
    """All cells compared on the business date. Needs `feeds.ledger`."""
    scope.require("feeds.ledger")
    return LedgerCell.objects.within(scope).select_related("unit").order_by("pk")


def differences(scope: Scope) -> LedgerQuerySet[LedgerDifference]:
    """The worklist, the latest found first. Needs `feeds.ledger`."""
    scope.require("feeds.ledger")
    return LedgerDifference.objects.within(scope).select_related("unit", "explained_by").order_by("-pk")


@dataclass(frozen=True)
class CellAccount:
    """An account of a cell. `account` and `name` empty: it, or its customer, is outside the reader's scope."""

    account: str
    name: str
    number: str
    holding_id: int | None
    is_unidentified: bool
    balance: Decimal


@dataclass(frozen=True)
class CellAccounts:
    """A page of the accounts of a cell as they stand at the business date."""

    state: Availability
    lines: tuple[CellAccount, ...] = ()
    has_more: bool = False


def cell_accounts(scope: Scope, cell: LedgerDifference, skip: int = 0) -> CellAccounts:
    """The accounts that make up a cell, those of nobody known first. Needs `feeds.ledger` and `customers.figures`."""
    scope.require("feeds.ledger")
    if not scope.may("customers.figures"):
        return CellAccounts(Availability.DENIED)
    day = current_business_date()
    known = Customer.objects.everything(because="the key of the unidentified customer names nobody")
    params: dict[str, Any] = {
        "month": dates.month_of(day or dates.today()),
        "unit_id": cell.unit_code,
        "currency": cell.currency,
        "account_class": cell.account_class,
        "unidentified_id": known.filter(status=Customer.Status.UNIDENTIFIED).values_list("pk", flat=True).first() or 0,
        "limit": PAGE + 1,
        "skip": skip,
    }
    answer = ask("ledger_cell_accounts", params)
    rows = answer.rows[:PAGE]
    return CellAccounts(answer.state, tuple(_lines(scope, rows)), len(answer.rows) > PAGE)


def _lines(scope: Scope, rows: list[Row]) -> list[CellAccount]:
    keys = [row["holding_key"] for row in rows]
    seen = Holding.objects.within(scope).filter(key__in=keys).select_related("customer__organisation")
    by_key, plain = {row.key: row for row in seen}, clearance(scope, "in_scope")
    return [_line(row, by_key.get(row["holding_key"]), plain) for row in rows]


def _line(row: Row, holding: Holding | None, plain: Clearance) -> CellAccount:
    if holding is None:
        return CellAccount("", "", "", None, row["is_unidentified"], row["balance"])
    customer = holding.customer
    return CellAccount(
        plain.show("account", holding.account_number) or holding.key,
        plain.show(name_class(customer), customer.label),
        customer.number,
        holding.pk,
        row["is_unidentified"],
        row["balance"],
    )
