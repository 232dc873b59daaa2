"""The words of the history: names of actions and values, and values as the reader may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.extensions import CustomerCard, CustomerTab, customer_heads, customer_tabs
from bankcrm.core.models import AuditEvent
from bankcrm.core.wording import listed
from bankcrm.customers import codes
from bankcrm.customers.fields import field_named, label_of
from bankcrm.customers.models import Customer, FieldOverride, Interaction, StaffEntry, Task
from bankcrm.customers.paper_codes import PaperKind
from bankcrm.customers.queries.basic import shown
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.queries.verification import QUESTIONS
from bankcrm.org.models import OrgUnit, User
from bankcrm.org.roles import ROLES

VIEW = "customer.view"
ACTION_LABELS: dict[str, Promise] = {
    VIEW: _("Opened the page"),
    "customer.reveal": _("Looked at masked data whole"),
    "customer.override": _("Corrected a field"),
    "customer.release_override": _("Released a correction"),
    "customer.override_ended": _("A correction ended by the load"),
    "customer.add_contact_point": _("Added a contact point"),
    "customer.add_document": _("Added an identity document"),
    "customer.add_relation": _("Added a relation"),
    "customer.end_entry": _("Ended an entry by staff"),
    "customer.entry_delivered": _("A source delivers what staff had entered"),
    "customer.add_file": _("Uploaded a file"),
    "customer.replace_file": _("Replaced a file"),
    "customer.remove_file": _("Removed a file"),
    "customer.open_file": _("Opened a file"),
    "customer.waive_paper": _("Waived a paper"),
    "customer.end_waiver": _("Asked for a waived paper again"),
    "customer.create_prospect": _("Created the prospect"),
    "customer.became_customer": _("The prospect became a customer"),
    "data_work.take": _("Took a piece of data work"),
    "data_work.close": _("Closed a piece of data work"),
    "customer.tag": _("Put a tag on"),
    "customer.untag": _("Took a tag off"),
    "customer.log_interaction": _("Logged a contact"),
    "customer.set_contact_plan": _("Set the contact plan"),
    "customer.end_contact_plan": _("Ended the contact plan"),
    "customer.create_task": _("Planned a task"),
    "customer.complete_task": _("Completed a task"),
    "customer.cancel_task": _("Cancelled a task"),
    "customer.verify_caller": _("Verified a caller"),
    "customer.postpone_task": _("Postponed a task"),
    "customer.hand_on_task": _("Handed a task on"),
    "customer.print": _("Made a print"),
    "customer.restrict": _("Restricted processing"),
    "customer.lift_restriction": _("Lifted a restriction of processing"),
    "customer.request_received": _("Recorded a request of the customer"),
    "customer.request_taken": _("Gave a request of the customer to a steward"),
    "customer.request_file_ordered": _("Ordered the file for a request of the customer"),
    "customer.request_file": _("Made the file for a request of the customer"),
    "customer.request_answered": _("Answered a request of the customer"),
    "customer.request_refused": _("Refused a request of the customer"),
    "customers.export": _("Exported in a list"),
    "customers.search": _("Found by search"),
}
VALUE_LABELS: dict[str, Promise] = {
    "kind": _("Kind"),
    "outcome": _("Outcome"),
    "outcome_code": _("Outcome"),
    "subject": _("Subject"),
    "every_days": _("Every so many days"),
    "begins_on": _("First contact by"),
    "title": _("Title"),
    "due_at": _("Due"),
    "status": _("Status"),
    "assignee": _("Assigned to"),
    "happened_at": _("When"),
    "tab": _("Tab"),
    "sections": _("Sections"),
    "asked": _("Asked"),
    "right": _("Right"),
    "month": _("Month"),
    "token": _("API token"),
    "last_contact_on": _("Last contact"),
    "customer_tag": _("Tag"),
    "contact_type": _("Type"),
    "purpose": _("Purpose"),
    "document_type": _("Type"),
    "relation_type": _("Relation"),
    "party": _("Other party"),
    "entry": _("Entered by staff"),
    "data_work": _("Kind"),
    "ending": _("How it ended"),
    "paper_kind": _("Kind of paper"),
    "valid_until": _("Valid until"),
    "until_on": _("Until"),
    "from_on": _("From"),
    "request": _("Request of the customer"),
    "received_on": _("Received on"),
    "due_on": _("Due on"),
    "steward": _("Steward"),
    "ended_plans": _("Contact plans that ended"),
    "sha256": _("Fingerprint (SHA-256)"),
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


def audit_events(subject: Subject, rows: Iterable[AuditEvent]) -> list[Event]:
    """Rows of the audit in words. Two queries."""
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
                    (value_label(subject, key), _detail(key, value)) for key, value in (row.detail or {}).items()
                ),
                address=row.address,
            )
        )
    return found


def _detail(name: str, value: Any) -> str:
    """A further fact of an event; tabs and questions by their name on the page."""
    if isinstance(value, list):
        return listed(_detail("tab", item) for item in value) or "—"
    if isinstance(value, str) and value in QUESTIONS:
        return str(QUESTIONS[value])
    tab: CustomerTab | CustomerCard | None = None
    if name == "tab":  # or what opens out of a piece of the head
        tab = customer_tabs.get(str(value)) or customer_heads.get(str(value))
    if name == "paper_kind":
        return str(_CHOICES[name].get(str(value), value))
    if name == "ending":
        return str(dict(FieldOverride.Ending.choices).get(str(value), value))
    if tab is None and value == "holding":
        return str(_("Account"))
    return str(tab.label) if tab else str(value)


def value_label(subject: Subject, name: str) -> Label:
    return VALUE_LABELS.get(name) or label_of(subject.customer.kind, name)


def _changes(subject: Subject, before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Change(
            value_label(subject, name), words(subject, name, before.get(name)), words(subject, name, after.get(name))
        )
        for name in names
        if before.get(name) != after.get(name)
    )


_CHOICES: dict[str, dict[str, Label]] = {
    "outcome": dict(Interaction.Outcome.choices),
    "kind": {**dict(Interaction.Kind.choices), **dict(codes.Kind.choices)},
    "status": {**dict(Task.Status.choices), **dict(Customer.Status.choices)},
    "contact_type": dict(codes.ContactType.choices),
    "purpose": dict(codes.ContactPurpose.choices),
    "document_type": dict(codes.DocumentType.choices),
    "relation_type": dict(codes.RelationType.choices),
    "entry": dict(StaffEntry.Kind.choices),
    "paper_kind": dict(PaperKind.choices),
}


def words(subject: Subject, name: str, value: Any) -> str:
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
    return shown(subject, field, text)
