"""Deleting a customer's data: asked for, agreed to by a second person, restricted, and erased class by class."""

import json
from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bankcrm.core import approvals, audit, dates
from bankcrm.core.models import Approval
from bankcrm.core.retention import FUNCTION, IDENTITY
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.restrictions import restrict_until_erased
from bankcrm.customers.models import Customer
from bankcrm.feeds import actions as feeds
from bankcrm.org.models import User
from bankcrm.privacy import actions
from bankcrm.privacy.deletion_queries import KIND, obstacles, planned, relation_ended_on
from bankcrm.privacy.models import Deletion, DeletionPart, SubjectRequest
from bankcrm.privacy.retention import plan

AGREE = "privacy.deletions.agree"
BECAUSE = "whatever is due to be erased, whoever sees it"
Tell = Callable[[str, float], None]


@transaction.atomic
def ask_deletion(*, by: User, scope: Scope, request_id: int, text: str) -> Approval:
    """Asks a second person to agree that the customer's data are deleted; `text` is what the customer is told then.

    Raises PermissionDenied, SubjectRequest.DoesNotExist; ValidationError while something stands against it, and while
    another such request waits.
    """
    found = actions.in_work(scope, request_id)
    if found.kind != SubjectRequest.Kind.DELETE:
        raise ValidationError(_("This request does not ask for deletion."))
    words = actions.checked_answer(text)
    _refuse_while_hindered(found.customer)
    days = {one.retention_class: one.due_on for one in planned(found.customer, dates.today())}
    return approvals.ask(
        KIND,
        by=scope,
        title=f"{found.number} · {found.customer.number}",
        subject=found,
        before={},
        after=days,
        arguments={"request_id": found.pk, "text": words},
        reason=words,
        single_key=str(found.customer_id),
    )


def carry_out(approval: Approval, *, by: Scope) -> None:
    """Restricts processing, writes down until when each class is kept, and answers the request.

    In the transaction of the agreement. ValidationError where something stands against it by now.
    """
    given = approval.arguments
    rows = SubjectRequest.objects.within(by).select_related("customer").select_for_update(of=("self",))
    found = rows.filter(pk=given["request_id"], status=SubjectRequest.Status.IN_WORK).first()
    if found is None:
        raise ValidationError(_("The request of the customer is not in work any more."))
    _refuse_while_hindered(found.customer)
    asker, today = User.objects.get(pk=approval.asked_by_id or 0), dates.today()
    restriction = restrict_until_erased(by=asker, scope=by, customer=found.customer, request_number=found.number)
    made = Deletion.objects.create(
        customer=found.customer,
        request=found,
        restriction=restriction,
        relation_ended_on=relation_ended_on(found.customer),
        agreed_by_id=by.user_id or 0,
        agreed_on=today,
    )
    DeletionPart.objects.bulk_create(
        DeletionPart(
            deletion=made, retention_class=one.retention_class, counted_from=one.counted_from, due_on=one.due_on
        )
        for one in planned(found.customer, today)
    )
    actions.close_agreed(found, asker, by, given["text"])
    audit.record("customer.deletion_agreed", by=by, obj=made, customer_id=made.customer_id, after=approval.after,
                 detail={"request": found.number})  # fmt: skip


def _refuse_while_hindered(customer: Customer) -> None:
    against = obstacles(customer)
    if customer.status in (Customer.Status.ERASED, Customer.Status.UNIDENTIFIED):
        raise ValidationError(_("There is nothing to delete."))
    if against:
        texts = "; ".join(f"{one.text}: {one.count}" if one.count else str(one.text).rstrip(".") for one in against)
        raise ValidationError(_now("The data cannot be deleted now. %(obstacles)s") % {"obstacles": texts})


def erase_due(*, by: Scope, tell: Tell | None = None) -> Mapping[str, int]:
    """Erases what the law lets go by today: in PostgreSQL at once, then in the lake's landed files.

    The next load builds the lake's tables anew without it. Where a relationship goes on again, nothing is erased.
    Answers how many classes of how many customers went, how many wait for an obstacle, and the rows of the lake.
    """
    tell = tell or (lambda _message, _share: None)
    counts = {"customers": 0, "classes": 0, "hindered": 0, "lake_rows": 0}
    waiting = Deletion.objects.everything(because=BECAUSE).filter(erased_at=None)
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    for place, pk in enumerate(ids):
        tell("erasing", place / len(ids))
        gone, is_hindered = _erase_one(pk, by)
        counts["customers"] += bool(gone)
        counts["classes"] += gone
        counts["hindered"] += is_hindered
    counts["lake_rows"] = feeds.forget_in_lake(tell=tell)
    return counts


@transaction.atomic
def _erase_one(pk: int, by: Scope) -> tuple[int, bool]:
    rows = Deletion.objects.everything(because=BECAUSE)
    found = rows.select_for_update(of=("self",)).select_related("customer__figures").get(pk=pk)
    customer = found.customer
    parts = {part.retention_class: part for part in found.parts.filter(erased_at=None)}
    today, gone = dates.today(), 0
    due = [one for one in _with_days_of_today(found, parts) if one.due_on <= today]
    if due and obstacles(customer):
        return 0, True
    for part in sorted(due, key=lambda one: one.retention_class == IDENTITY):
        if part.retention_class == IDENTITY and len(parts) - gone > 1:
            break  # something that hangs on the customer is still kept
        _erase_part(found, part, by)
        gone += 1
    return gone, False


def _with_days_of_today(found: Deletion, parts: Mapping[str, DeletionPart]) -> list[DeletionPart]:
    """The parts that are left, with their days by the parameters of today: a longer law holds for what is kept."""
    days = plan(agreed_on=found.agreed_on, relation_ended_on=found.relation_ended_on)
    for one in days:
        part = parts.get(one.retention_class)
        if part is not None and part.due_on != one.due_on:
            part.due_on = one.due_on
            part.save(update_fields=["due_on"])
    return list(parts.values())


def _erase_part(found: Deletion, part: DeletionPart, by: Scope) -> None:
    feeds.remember_erased(found.customer_id, part.retention_class)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {FUNCTION}(%s, %s)", [found.customer_id, part.retention_class])
        (told,) = cursor.fetchone() or ("{}",)
    part.rows = json.loads(told)
    part.erased_at = dates.now()
    part.save(update_fields=["rows", "erased_at"])
    if part.retention_class == IDENTITY:
        found.erased_at = part.erased_at
        found.save(update_fields=["erased_at"])
    audit.record("customer.erased", by=by, obj=found, customer_id=found.customer_id,
                 detail={"retention_class": part.retention_class, "rows": part.rows})  # fmt: skip
