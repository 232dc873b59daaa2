"""What changed about a customer, who looked at it, and who looked after it, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.extensions import customer_tabs
from bankcrm.core.models import AuditEvent
from bankcrm.customers.fields import FieldKind, field_named, label_of
from bankcrm.customers.models import Coverage, Interaction, Task
from bankcrm.customers.queries.basic import shown
from bankcrm.customers.queries.subject import Subject
from bankcrm.org.models import OrgUnit, User
from bankcrm.org.roles import ROLES

PAGE = 50

VIEW = "customer.view"
ACTION_LABELS: dict[str, Promise] = {
    VIEW: _("Opened the page"),
    "customer.override": _("Corrected a field"),
    "customer.release_override": _("Released a correction"),
    "customer.log_interaction": _("Logged a contact"),
    "customer.create_task": _("Planned a task"),
    "customer.complete_task": _("Completed a task"),
    "customer.cancel_task": _("Cancelled a task"),
    "customer.verify_caller": _("Verified a caller"),
    "customer.postpone_task": _("Postponed a task"),
    "customer.hand_on_task": _("Handed a task on"),
    "customers.export": _("Exported in a list"),
    "customers.search": _("Found by search"),
}
VALUE_LABELS: dict[str, Promise] = {
    "kind": _("Kind"),
    "outcome": _("Outcome"),
    "outcome_code": _("Outcome"),
    "subject": _("Subject"),
    "title": _("Title"),
    "due_at": _("Due"),
    "status": _("Status"),
    "assignee": _("Assigned to"),
    "happened_at": _("When"),
    "tab": _("Tab"),
    "month": _("Month"),
    "token": _("API token"),
    "last_contact_on": _("Last contact"),
}

Label = str | Promise


@dataclass(frozen=True)
class Change:
    """A value before and after. Empty: there was none."""

    label: Label
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One line of the history."""

    at: datetime
    action: str
    label: Label
    who: str
    role: Label
    unit: str
    reason: str
    changes: tuple[Change, ...]
    detail: tuple[tuple[Label, str], ...]
    address: str


@dataclass(frozen=True)
class CoverageLine:
    """A period of coverage; `to_on` None: still."""

    who: str
    role: Label
    what: Label
    share: Any
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True)
class History:
    """The tab of changes. `older`: the moment before which the next page begins."""

    events: tuple[Event, ...]
    older: datetime | None
    coverage: tuple[CoverageLine, ...]
    with_views: bool


def history(subject: Subject, before: datetime | None = None, *, with_views: bool = False) -> History:
    """The audit of a customer in words, the newest first, and its coverage through time. Four queries."""
    rows = AuditEvent.objects.filter(customer_id=subject.customer.pk)
    if not with_views:
        rows = rows.exclude(action__in=[VIEW, "customers.search"])
    if before is not None:
        rows = rows.filter(occurred_at__lt=before)
    found = list(rows.order_by("-occurred_at", "-id")[: PAGE + 1])
    shown_rows = found[:PAGE]
    return History(
        events=_events(subject, shown_rows),
        older=shown_rows[-1].occurred_at if len(found) > PAGE else None,
        coverage=_coverage(subject),
        with_views=with_views,
    )


def _events(subject: Subject, rows: Iterable[AuditEvent]) -> tuple[Event, ...]:
    rows = list(rows)
    users = User.objects.in_bulk({row.user_id for row in rows if row.user_id})
    units = OrgUnit.objects.in_bulk({row.unit_id for row in rows if row.unit_id})
    found = []
    for row in rows:
        user, unit, role = users.get(row.user_id or 0), units.get(row.unit_id or 0), ROLES.get(row.role)
        found.append(
            Event(
                at=row.occurred_at,
                action=row.action,
                label=ACTION_LABELS.get(row.action, row.action),
                who=user.label if user else (row.username or str(_("System"))),
                role=role.label if role else "",
                unit=unit.label if unit else "",
                reason=row.reason,
                changes=_changes(subject, row.before or {}, row.after or {}),
                detail=tuple(
                    (_value_label(subject, key), _detail(key, value)) for key, value in (row.detail or {}).items()
                ),
                address=row.address,
            )
        )
    return tuple(found)


def _detail(name: str, value: Any) -> str:
    """A further fact of an event; tabs by their name on the page."""
    tab = customer_tabs.get(str(value)) if name == "tab" else None
    if tab is None and value == "holding":
        return str(_("Account"))
    return str(tab.label) if tab else str(value)


def _value_label(subject: Subject, name: str) -> Label:
    return VALUE_LABELS.get(name) or label_of(subject.customer.kind, name)


def _changes(subject: Subject, before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Change(
            _value_label(subject, name), _words(subject, name, before.get(name)), _words(subject, name, after.get(name))
        )
        for name in names
        if before.get(name) != after.get(name)
    )


_CHOICES: dict[str, dict[str, Label]] = {
    "outcome": dict(Interaction.Outcome.choices),
    "kind": dict(Interaction.Kind.choices),
    "status": dict(Task.Status.choices),
}


def _words(subject: Subject, name: str, value: Any) -> str:
    """A value of the audit as people read it, masked as the reader may see it."""
    text = "" if value is None else str(value)
    if name.endswith("_at") and (moment := parse_datetime(text)) is not None:
        return f"{moment.astimezone(dates.zone()):%Y-%m-%d %H:%M}"
    if name in _CHOICES:
        return str(_CHOICES[name].get(text, text))
    try:
        field = field_named(subject.customer.kind, name)
    except KeyError:
        return text
    return shown(subject, field, text) if field.kind is not FieldKind.DATE else text


def _coverage(subject: Subject) -> tuple[CoverageLine, ...]:
    rows: list[Coverage] = list(subject.customer.coverage.select_related("user"))
    lines = [
        CoverageLine(
            row.user.label,
            row.get_role_display(),
            row.get_object_type_display(),
            row.share,
            row.valid.lower,
            row.valid.upper,
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: (line.to_on or date.max, line.from_on or date.min), reverse=True))
