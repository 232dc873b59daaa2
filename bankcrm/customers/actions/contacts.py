"""Contacts with customers, and tasks about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.overrides import locked
from bankcrm.customers.actions.tasks import PLAN_AHEAD_DAYS
from bankcrm.customers.models import Customer, Interaction, Task
from bankcrm.customers.queries.contacts import assignees
from bankcrm.customers.queries.subject import subject
from bankcrm.org.models import User

LOG_BACK_DAYS = 90
"""How far back a contact may still be logged: later than that, memory is no record."""
CLOCKS_APART = timedelta(minutes=5)


@dataclass(frozen=True)
class NextStep:
    """The task that a contact leaves behind."""

    title: str
    due_at: datetime
    note: str = ""


@transaction.atomic
def log_interaction(
    *,
    by: User,
    scope: Scope,
    number: str,
    kind: str,
    outcome: str,
    happened_at: datetime,
    subject_text: str,
    note: str = "",
    contact_person: str = "",
    next_step: NextStep | None = None,
) -> Interaction:
    """Logs a contact, and plans the next step with it: both or neither.

    Raises PermissionDenied, Customer.DoesNotExist; ValidationError by field (`happened_at`, `kind`, …).
    """
    scope.require("customers.interactions.log")
    customer = locked(scope, number)
    _check_contact(kind, outcome, happened_at, subject_text)
    made = Interaction.objects.create(
        customer=customer,
        kind=kind,
        outcome=outcome,
        happened_at=happened_at,
        subject=subject_text.strip(),
        note=note.strip(),
        contact_person=contact_person.strip(),
        by=by,
        unit_no=scope.unit_no,
    )
    _note_contact(customer, outcome, happened_at)
    audit.record(
        "customer.log_interaction",
        by=scope,
        object_type="customers.interaction",
        object_id=made.id,
        customer_id=customer.pk,
        after={"kind": kind, "outcome": outcome, "happened_at": happened_at, "subject": made.subject},
    )
    if next_step is not None:
        _make_task(by, scope, customer, by, next_step)
    return made


@transaction.atomic
def create_task(
    *, by: User, scope: Scope, number: str, assignee_id: int, title: str, due_at: datetime, note: str = ""
) -> Task:
    """Plans a task about a customer, for oneself or for somebody one may give tasks to.

    Raises PermissionDenied, Customer.DoesNotExist; ValidationError by field.
    """
    scope.require("customers.interactions.log")
    customer = locked(scope, number)
    allowed = {user.pk: user for user in assignees(subject(scope, number))}
    if assignee_id not in allowed:
        raise ValidationError({"assignee": _("You cannot give this person a task about this customer.")})
    return _make_task(by, scope, customer, allowed[assignee_id], NextStep(title, due_at, note))


def _check_contact(kind: str, outcome: str, happened_at: datetime, subject_text: str) -> None:
    if kind not in Interaction.Kind.values:
        raise ValidationError({"kind": _("Choose one of the list.")})
    if outcome not in Interaction.Outcome.values:
        raise ValidationError({"outcome": _("Choose one of the list.")})
    if not subject_text.strip():
        raise ValidationError({"subject": _("Say in a few words what it was about.")})
    now = dates.now()
    if happened_at > now + CLOCKS_APART:
        raise ValidationError({"happened_at": _("The contact has not happened yet: plan a task instead.")})
    if happened_at < now - timedelta(days=LOG_BACK_DAYS):
        raise ValidationError({"happened_at": _("Contacts can be logged for the last 90 days.")})


def _note_contact(customer: Customer, outcome: str, happened_at: datetime) -> None:
    """The customer's last contact is the last time somebody was reached."""
    day = happened_at.astimezone(dates.zone()).date()
    if outcome == Interaction.Outcome.NOT_REACHED or (customer.last_contact_on and customer.last_contact_on >= day):
        return
    customer.last_contact_on = day
    customer.save(update_fields=["last_contact_on"])


def _make_task(by: User, scope: Scope, customer: Customer, assignee: User, step: NextStep) -> Task:
    title = step.title.strip()
    if not title:
        raise ValidationError({"title": _("Say in a few words what is to be done.")})
    now = dates.now()
    if step.due_at < now:
        raise ValidationError({"due_at": _("The time has passed already.")})
    if step.due_at > now + timedelta(days=PLAN_AHEAD_DAYS):
        raise ValidationError({"due_at": _("Plan at most two years ahead.")})
    made = Task.objects.create(
        customer=customer, assignee=assignee, title=title, note=step.note.strip(), due_at=step.due_at, created_by=by
    )
    audit.record(
        "customer.create_task",
        by=scope,
        obj=made,
        customer_id=customer.pk,
        after={"title": title, "due_at": step.due_at, "assignee": str(assignee)},
    )
    return made
