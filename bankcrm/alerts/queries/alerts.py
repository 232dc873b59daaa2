"""Open alerts as a reader sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet

from bankcrm.alerts.models import Alert
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import Order, Page, page_of, parse_day
from bankcrm.customers.models import Task
from bankcrm.customers.queries.subject import name_class
from bankcrm.customers.queries.tasks import kinds_seen
from bankcrm.customers.task_codes import AlertKind
from bankcrm.org.clearance import clearance

VIEW = "customers.interactions.view"
PAGE = 50
ORDER = Order("occasion_on", parse_day)


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert with its customer's name as the reader sees it. `amount`: None where there is none to show."""

    alert: Alert
    name: str
    number: str
    amount: Decimal | None
    task: Task | None


def open_alerts(scope: Scope) -> QuerySet[Alert]:
    """Alerts of customers in the scope whose ground the reader may see. Needs `customers.interactions.view`."""
    scope.require(VIEW)
    rows = Alert.objects.within(scope).filter(ended_on=None).filter(kinds_seen(scope))
    return rows.select_related("customer__organisation", "task__assignee")


def counts(scope: Scope) -> list[tuple[AlertKind, int]]:
    """How many alerts of each kind there are, in the order of the kinds; only kinds that there are."""
    rows = open_alerts(scope).select_related(None).order_by().values("kind").annotate(count=Count("pk"))
    found: Mapping[str, int] = {row["kind"]: row["count"] for row in rows}
    return [(kind, found[kind]) for kind in AlertKind if kind in found]


def of_kind(scope: Scope, kind: str) -> QuerySet[Alert]:
    """Those of one kind, or all for an empty one."""
    rows = open_alerts(scope)
    return rows.filter(kind=kind) if kind else rows


def page(scope: Scope, kind: str, token: str) -> Page[Alert]:
    """A page of them, the nearest occasion first."""
    return page_of(
        [of_kind(scope, kind)], ORDER, token=token, size=PAGE, value_of=lambda row: row.occasion_on.isoformat()
    )


def lines(scope: Scope, rows: Iterable[Alert]) -> list[AlertLine]:
    """The rows as the reader sees them. The task of somebody outside the reader's reach keeps its holder's name."""
    plain = clearance(scope, "in_scope")
    return [
        AlertLine(
            row, plain.show(name_class(row.customer), row.customer.label), row.customer.number, row.amount, row.task
        )
        for row in rows
    ]


def known_kind(value: str) -> str:
    """The kind of an address; empty for what is none."""
    return value if value in AlertKind.values else ""
