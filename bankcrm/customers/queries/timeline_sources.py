"""The events that this app brings to the timeline. Each source says at its function what it may show to whom."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, parameters
from bankcrm.core.extensions import SourceSilentError, TimelineEvent, TimelineSource, timeline_sources
from bankcrm.core.scope import Scope
from bankcrm.customers import codes
from bankcrm.customers.fields import label_of
from bankcrm.customers.models import Customer, Holding, Interaction, Task
from bankcrm.customers.parameters import LARGE_FLOW
from bankcrm.customers.queries.header import document_class
from bankcrm.customers.queries.lake import Availability, Row, ask, published
from bankcrm.customers.queries.service import ServiceLine, service_events
from bankcrm.customers.queries.subject import Subject, subject_of
from bankcrm.customers.queries.transactions import visible_holdings
from bankcrm.customers.trade_codes import TRADE_CLASSES

Events = Sequence[TimelineEvent]
LONG_AGO = date(1900, 1, 1)
POOR_RATING = 2  # of five

OUTCOME_TONES = {
    Interaction.Outcome.REACHED: "ok",
    Interaction.Outcome.REFUSED: "watch",
    Interaction.Outcome.NOT_REACHED: "watch",
}
FLOWS: dict[str, tuple[Promise, str]] = {
    "large_in": (_("Large inflow"), "key"),
    "large_out": (_("Large outflow"), "watch"),
    "first_salary": (_("First salary"), "ok"),
}


def contact_events(scope: Scope, customer: Customer, before: datetime, limit: int) -> Events:
    """Contacts that staff have logged."""
    rows = customer.interactions.filter(happened_at__lte=before).select_related("by")
    return [
        TimelineEvent(
            at=row.happened_at,
            label=row.get_kind_display(),
            detail=f"{row.subject} · {row.get_outcome_display()}",
            who=row.by.label,
            tone=OUTCOME_TONES.get(Interaction.Outcome(row.outcome), "info"),
        )
        for row in rows.order_by("-happened_at", "-id")[:limit]
    ]


def task_events(scope: Scope, customer: Customer, before: datetime, limit: int) -> Events:
    """Tasks that were done."""
    rows = customer.tasks.filter(status=Task.Status.DONE, closed_at__lte=before).select_related("assignee")
    return [
        TimelineEvent(
            at=row.closed_at or before,
            label=_("Task done"),
            detail=f"{row.title} · {row.outcome}",
            who=row.assignee.label,
            tone="ok",
        )
        for row in rows.order_by("-closed_at", "-pk")[:limit]
    ]


def service_source(scope: Scope, customer: Customer, before: datetime, limit: int) -> Events:
    """Calls, complaints and other contacts that other channels recorded. One query of the lake."""
    subject = subject_of(scope, customer)
    url = reverse("customers:service", args=[customer.number])
    return [_service(line, url) for line in service_events(subject, LONG_AGO, before, limit)]


def _service(line: ServiceLine, url: str) -> TimelineEvent:
    is_bad = line.is_open or line.is_timely is False or (line.rating is not None and line.rating <= POOR_RATING)
    words = (line.subject, line.status_label, line.channel)
    asked = {"from_on": line.on.isoformat(), "to_on": line.on.isoformat(), "kind": line.kind}
    return TimelineEvent(
        at=line.at.replace(tzinfo=dates.zone()) if line.at else _of_day(line.on),
        label=line.kind_label,
        detail=" · ".join(str(word) for word in words if word),
        who=line.agent,
        url=f"{url}?{urlencode(asked)}",
        tone="watch" if is_bad else "info",
        is_day=line.at is None,
    )


def money_events(scope: Scope, customer: Customer, before: datetime, limit: int) -> Events:
    """Large flows and the first salary, of holdings whose transactions the reader sees. One query of the lake."""
    subject = subject_of(scope, customer)
    every = list(customer.holdings.select_related("product").order_by("pk"))
    holdings = {row.key: row for row in every if subject.sees_unit(row.unit_no)}
    if not holdings:
        return []
    kind = codes.Kind(customer.kind)
    answer = ask(
        "customer_events",
        {
            # Of all its source customers: a salary after one on an account beyond the reader's sight is not the first.
            "source_keys": sorted({row.source_key for row in every if row.source_key}),
            "holding_keys": list(holdings),
            "large_amount": parameters.value(LARGE_FLOW[kind], unit_id=customer.owning_unit_id),
            "from_on": LONG_AGO,
            "to_on": before.astimezone(dates.zone()).date(),
            "limit": limit,
        },
    )
    is_silent = answer.state is Availability.UNDELIVERED and published() is not None  # built before these were known
    if is_silent or answer.state is Availability.UNAVAILABLE:
        raise SourceSilentError
    return [_flow(subject, row, holdings[row["holding_key"]]) for row in answer.rows]


def _flow(subject: Subject, row: Row, holding: Holding) -> TimelineEvent:
    label, tone = FLOWS[row["kind"]]
    day = row["happened_on"]
    asked = {"from_on": day.isoformat(), "to_on": day.isoformat(), "holding": holding.pk}
    return TimelineEvent(
        at=_of_day(day),
        label=label,
        detail=_named(subject, holding),
        amount=row["amount"],
        currency=row["currency"],
        url=f"{reverse('customers:transactions', args=[subject.customer.number])}?{urlencode(asked)}",
        tone=tone,
        is_day=True,
    )


def account_events(scope: Scope, customer: Customer, before: datetime, limit: int) -> Events:
    """Accounts opened, matured and closed, of those that the reader sees one by one."""
    subject = subject_of(scope, customer)
    rows = [row for row in visible_holdings(subject) if row.product_class not in TRADE_CLASSES]
    found = [event for row in rows for event in _account(subject, row)]
    return _newest(found, before, limit)


def _account(subject: Subject, row: Holding) -> Iterable[TimelineEvent]:
    is_early = row.closed_on is not None and row.matures_on is not None and row.closed_on < row.matures_on
    days = (
        (row.opened_on, _("Account opened"), "info", row.contract_amount),
        (None if is_early else row.matures_on, _("Matured"), "key", row.contract_amount),
        (row.closed_on, _("Account closed"), "watch", None),
    )
    url = _holding_url(subject, row)
    for day, label, tone, amount in days:
        if day is not None:
            yield _day_event(day, label, _named(subject, row), tone, amount, row.currency, url)


def trade_events(scope: Scope, customer: Customer, before: datetime, limit: int) -> Events:
    """Bills and trade finance: taken on, fallen due, settled, of what the reader sees one by one. Two queries."""
    subject = subject_of(scope, customer)
    rows = {row.key: row for row in visible_holdings(subject) if row.product_class in TRADE_CLASSES}
    if not rows:
        return []
    found = [event for row in rows.values() for event in _contract(subject, row)]
    for bill in customer.bills.select_related("holding").order_by("pk"):
        holding = rows.get(bill.holding.key)
        if holding is not None and bill.due_on != holding.matures_on:  # else the contract's own maturity says it
            url, detail = _holding_url(subject, holding), f"{_named(subject, holding)} {bill.bill_number}"
            found.append(_day_event(bill.due_on, _("Bill fell due"), detail, "key", bill.amount, bill.currency, url))
    return _newest(found, before, limit)


def _contract(subject: Subject, row: Holding) -> Iterable[TimelineEvent]:
    is_early = row.closed_on is not None and row.matures_on is not None and row.closed_on < row.matures_on
    days = (
        (row.opened_on, _("Taken on"), "info", row.contract_amount),
        (None if is_early else row.matures_on, _("Fell due"), "key", row.contract_amount),
        (row.closed_on, _("Contract settled"), "ok", None),
    )
    for day, label, tone, amount in days:
        if day is not None:
            url = _holding_url(subject, row)
            yield _day_event(day, label, _named(subject, row), tone, amount, row.currency, url)


def _holding_url(subject: Subject, row: Holding) -> str:
    return reverse("customers:holding", args=[subject.customer.number, row.pk])


def credit_events(scope: Scope, customer: Customer, before: datetime, limit: int) -> Events:
    """Facilities that began and ended, where the reader sees that unit's business; debts that became overdue, where
    risk marks are seen. The risk system tells present arrears only: those that were made good are not known any more.
    """
    subject = subject_of(scope, customer)
    found: list[TimelineEvent] = []
    url = reverse("customers:credit", args=[customer.number])
    for row in customer.facilities.order_by("pk"):
        if subject.sees_unit(row.unit_no):
            detail = f"{row.get_facility_kind_display()} {row.facility_number}"
            amount = row.limit_amount if scope.may("customers.figures") else None
            found.append(_day_event(row.from_on, _("Facility began"), detail, "info", amount, row.currency, url))
            if row.to_on is not None:
                found.append(_day_event(row.to_on, _("Facility ended"), detail, "key", amount, row.currency, url))
    return _newest([*found, *(_overdue(subject, url) if subject.sees_risk else ())], before, limit)


def _overdue(subject: Subject, url: str) -> Iterable[TimelineEvent]:
    """One day past due on the day that the mark speaks of: overdue since that day."""
    rows = subject.customer.risk_marks.filter(days_overdue__gt=0)
    for row in rows.select_related("holding__product").order_by("pk"):
        if row.holding is not None and not subject.sees_unit(row.holding.unit_no):
            continue
        since = row.as_of_on - timedelta(days=(row.days_overdue or 1) - 1)
        detail = _named(subject, row.holding) if row.holding else ""
        yield _day_event(since, _("Overdue"), detail, "watch", row.overdue_principal, row.currency, url)


def document_events(scope: Scope, customer: Customer, before: datetime, limit: int) -> Events:
    """Identity documents that ran out: one event even where several sources name the document."""
    subject = subject_of(scope, customer)
    rows = customer.documents.exclude(expires_on=None).order_by("pk")
    papers = {(row.document_type, row.document_number): row for row in rows}
    url = reverse("customers:basic", args=[customer.number])
    found = [
        _day_event(
            row.expires_on + timedelta(days=1),
            _("Document expired"),
            f"{row.get_document_type_display()} {subject.show(document_class(row), row.document_number)}",
            "watch",
            url=url,
        )
        for row in papers.values()
        if row.expires_on is not None
    ]
    return _newest(found, before, limit)


def correction_events(scope: Scope, customer: Customer, before: datetime, limit: int) -> Events:
    """Fields that staff corrected, and corrections released; the values stand in the history."""
    found: list[TimelineEvent] = []
    for row in customer.overrides.select_related("by", "released_by").order_by("-at", "-pk"):
        detail = label_of(customer.kind, row.field)
        found.append(TimelineEvent(row.at, _("Field corrected"), detail, row.by.label, tone="info"))
        if row.released_at is not None and row.released_by is not None:
            found.append(
                TimelineEvent(row.released_at, _("Correction released"), detail, row.released_by.label, tone="info")
            )
    return _newest(found, before, limit)


def _named(subject: Subject, row: Holding) -> str:
    product = row.product.label if row.product else row.get_product_class_display()
    return f"{product} {subject.show('account', row.account_number)}".strip()


def _day_event(
    day: date,
    label: Promise,
    detail: str,
    tone: str,
    amount: Decimal | None = None,
    currency: str = "",
    url: str = "",
) -> TimelineEvent:
    unit = currency if amount is not None else ""
    return TimelineEvent(_of_day(day), label, detail, "", amount, unit, url, tone, is_day=True)


def _of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, dates.zone())


def _newest(events: Iterable[TimelineEvent], before: datetime, limit: int) -> Events:
    """Of few events of one customer, read together, those that were asked for."""
    return sorted((event for event in events if event.at <= before), key=_moment, reverse=True)[:limit]


def _moment(event: TimelineEvent) -> Any:
    return event.at


SOURCES = (
    TimelineSource("contacts", _("Contacts"), contact_events, "customers.interactions.view", 10, "message"),
    TimelineSource("service", _("Complaints and calls"), service_source, "customers.interactions.view", 15, "headset"),
    TimelineSource("tasks", _("Tasks"), task_events, "customers.interactions.view", 20, "checklist"),
    TimelineSource("money", _("Money in and out"), money_events, "customers.transactions", 30, "arrows-exchange"),
    TimelineSource("accounts", _("Opened, matured, closed"), account_events, "customers.figures", 40, "credit-card"),
    TimelineSource("credit", _("Credit"), credit_events, "customers.credit", 50, "building-bank"),
    TimelineSource("trade", _("Bills and trade"), trade_events, "customers.figures", 55, "file-invoice"),
    TimelineSource("documents", _("Documents"), document_events, "customers.view", 60, "id"),
    TimelineSource("corrections", _("Corrections"), correction_events, "customers.view", 90, "edit"),
)


def register_all() -> None:
    """Called once when the app is ready."""
    for source in SOURCES:
        timeline_sources.register(source)
