"""Where requests of data subjects show: the landing page, the head of the customer page and its timeline."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bankcrm.core import extensions
from bankcrm.core.extensions import CustomerCard, TimelineEvent, TimelineSource, WorkbenchCard
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer
from bankcrm.privacy.models import SubjectRequest
from bankcrm.privacy.queries import SEE, WORK, counts, in_state, lines, requests

SHOWN = 5


def due(scope: Scope) -> Mapping[str, Any] | None:
    """What is overdue or due soon, the most urgent first; nothing where all is in time."""
    rows = requests(scope)
    found = [*in_state(scope, rows, "overdue")[:SHOWN], *in_state(scope, rows, "soon")[:SHOWN]][:SHOWN]
    return {"lines": lines(scope, found), "counts": counts(scope)} if found else None


def head(scope: Scope, customer: Customer) -> Mapping[str, Any] | None:
    """The customer's open requests, and the way to record one."""
    rows = list(requests(scope).filter(customer=customer, closed_at=None))
    if not rows and not scope.may(WORK):
        return None
    return {"rows": rows, "number": customer.number, "may_work": scope.may(WORK)}


def events(scope: Scope, customer: Customer, before: datetime, limit: int) -> Sequence[TimelineEvent]:
    """Requests that came, and what became of them."""
    found: list[TimelineEvent] = []
    for row in customer.subject_requests.order_by("-pk")[:limit]:
        url = reverse("privacy:request", args=[row.pk])
        label = _now("Request of the customer: %(kind)s") % {"kind": row.get_kind_display()}
        found.append(TimelineEvent(row.recorded_at, label, row.number, url=url, tone="info"))
        if row.closed_at is not None:
            tone = "ok" if row.status == SubjectRequest.Status.ANSWERED else "watch"
            found.append(
                TimelineEvent(row.closed_at, label, f"{row.number} · {row.get_status_display()}", url=url, tone=tone)
            )
    return sorted((one for one in found if one.at <= before), key=lambda one: one.at, reverse=True)[:limit]


def register_all() -> None:
    """Called once when the app is ready."""
    title = _("Requests of data subjects")
    extensions.workbench_cards.register(WorkbenchCard("privacy.requests", title, "privacy/_card.html", due, SEE, 6, 12))
    extensions.customer_heads.register(CustomerCard("privacy.requests", title, "privacy/_head.html", head, SEE, 90))
    extensions.timeline_sources.register(TimelineSource("privacy", title, events, SEE, 80, "shield"))
