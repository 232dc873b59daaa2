"""Reads of the requests of data subjects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, Q, QuerySet, Value, When

from bankcrm.core import dates, parameters
from bankcrm.core.scope import Scope
from bankcrm.customers.models import ProcessingRestriction
from bankcrm.customers.queries.permitted import restrictions_in_force
from bankcrm.customers.queries.subject import name_class
from bankcrm.feeds.models import CalendarDay
from bankcrm.org.clearance import clearance
from bankcrm.org.models import Post, User
from bankcrm.org.roles import ROLES
from bankcrm.privacy.models import SubjectRequest
from bankcrm.privacy.parameters import WARN_DAYS, WORKING_DAYS, days_key
from bankcrm.privacy.rules import due_on

SEE, WORK = "privacy.requests", "privacy.requests.work"
PAGE = 50
STATES = ("open", "overdue", "soon", "mine", "closed")


@dataclass(frozen=True)
class RequestLine:
    """A request as the reader sees it. `late_days`: how long the answer is overdue; `is_soon`: due in a few days."""

    row: SubjectRequest
    name: str
    late_days: int
    is_soon: bool


def requests(scope: Scope) -> QuerySet[SubjectRequest]:
    """Requests of customers in scope: the open ones by their last day, then the closed ones, newest first."""
    scope.require(SEE)
    rows = SubjectRequest.objects.within(scope).select_related(
        "customer__owning_unit", "customer__organisation", "steward"
    )
    closed = Case(When(closed_at=None, then=Value(0)), default=Value(1))
    return rows.order_by(closed, Case(When(closed_at=None, then="due_on")), "-closed_at", "pk")


def in_state(scope: Scope, rows: QuerySet[SubjectRequest], state: str) -> QuerySet[SubjectRequest]:
    """Those in one of `STATES`; all for anything else."""
    today, still = dates.today(), Q(closed_at=None)
    found = {
        "open": still,
        "overdue": still & Q(due_on__lt=today),
        "soon": still & Q(due_on__gte=today, due_on__lte=_soon(today)),
        "mine": still & Q(steward_id=scope.user_id),
        "closed": ~still,
    }
    return rows.filter(found[state]) if state in found else rows


def counts(scope: Scope) -> dict[str, int]:
    """How many requests there are in each state."""
    rows = requests(scope).order_by()
    return {state: in_state(scope, rows, state).count() for state in STATES}


def open_kinds(scope: Scope) -> dict[str, int]:
    """How many open requests of each kind."""
    rows = requests(scope).order_by().filter(closed_at=None).values("kind").annotate(count=Count("pk"))
    return {row["kind"]: row["count"] for row in rows}


def lines(scope: Scope, rows: Sequence[SubjectRequest]) -> list[RequestLine]:
    """The rows with names as this reader may see them."""
    shown, today = clearance(scope, "in_scope"), dates.today()
    return [
        RequestLine(
            row,
            shown.show(name_class(row.customer), row.customer.label),
            max(0, (today - row.due_on).days) if row.is_open else 0,
            row.is_open and today <= row.due_on <= _soon(today),
        )
        for row in rows
    ]


def request_of(scope: Scope, request_id: int) -> SubjectRequest:
    """One request. SubjectRequest.DoesNotExist where the scope does not see its customer."""
    return requests(scope).get(pk=request_id)


def restrictions_of(request: SubjectRequest) -> list[ProcessingRestriction]:
    """The restrictions in force of the customer that the request is about."""
    return restrictions_in_force(request.customer)


def stewards() -> QuerySet[User]:
    """Who may work on requests today: users with a post whose role may."""
    roles = [code for code, role in ROLES.items() if WORK in role.permissions]
    posts = Post.objects.filter(role__in=roles, valid__contains=dates.today())
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).order_by("username")


def last_day(kind: str, received_on: date) -> date:
    """When the answer to a request of that kind is due, by the parameters and the bank's calendar of today."""
    days = int(parameters.value(days_key(kind)))
    end = received_on + timedelta(days=days * 3 + 30)
    known = dict(CalendarDay.objects.filter(day__range=(received_on, end)).values_list("day", "is_business_day"))
    wanted = bool(parameters.value(WORKING_DAYS))
    return due_on(received_on, days, in_working_days=wanted, is_business_day=known.get)


def _soon(today: date) -> date:
    return today + timedelta(days=int(parameters.value(WARN_DAYS)))
