"""Deleting a customer's data: asked for, agreed to by a second person, restricted, and erased class by class."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bankcrm.core import approvals, attachments, audit, dates, publication
from bankcrm.core.models import Approval
from bankcrm.core.retention import FUNCTION, IDENTITY, retention_classes
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.overrides import locked
from bankcrm.customers.actions.restrictions import restrict_until_erased
from bankcrm.customers.models import Customer, CustomerFile
from bankcrm.feeds import actions as feeds
from bankcrm.org.models import User
from bankcrm.privacy import actions
from bankcrm.privacy.deletion_queries import KIND, obstacles, planned, relation_ended_on
from bankcrm.privacy.models import Deletion, DeletionPart, SubjectRequest
from bankcrm.privacy.retention import plan

AGREE = "privacy.deletions.agree"
BECAUSE = "whatever is due to be erased, whoever sees it"
Tell = Callable[[str, float], None]

log = logging.getLogger(__name__)


@transaction.atomic
def ask_deletion(*, by: User, scope: Scope, request_id: int, text: str) -> Approval:
    """Asks a second person to agree that the customer's data are deleted; `text` is what the customer is told then.

    The words stay in the request alone, which loses them when their class goes. Raises PermissionDenied,
    SubjectRequest.DoesNotExist; ValidationError while something stands against it, and while another one waits.
    """
    found = actions.in_work(scope, request_id)
    if found.kind != SubjectRequest.Kind.DELETE:
        raise ValidationError(_("This request does not ask for deletion."))
    _refuse_while_hindered(found.customer)
    found.answer = actions.checked_answer(text)
    found.save(update_fields=["answer"])
    days = {one.retention_class: one.due_on for one in planned(found.customer, dates.today())}
    return approvals.ask(
        KIND,
        by=scope,
        title=f"{found.number} · {found.customer.number}",
        subject=found,
        before={},
        after=days,
        arguments={"request_id": found.pk},
        reason=_now("At the customer's request %(number)s") % {"number": found.number},
        single_key=str(found.customer_id),
    )


def carry_out(approval: Approval, *, by: Scope) -> None:
    """Restricts processing, writes down until when each class is kept, and answers the request.

    In the transaction of the agreement. ValidationError where something stands against it by now.
    """
    found = _request_of(approval, by)
    if found is None:
        raise ValidationError(_("The request of the customer is not in work any more."))
    locked(by, found.customer.number)
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
    actions.close_agreed(found, asker, by, found.answer)
    audit.record("customer.deletion_agreed", by=by, obj=made, customer_id=made.customer_id, after=approval.after,
                 detail={"request": found.number})  # fmt: skip


def take_back(approval: Approval, *, by: Scope) -> None:
    """Sent back or withdrawn: the words for the customer were a draft."""
    found = _request_of(approval, by)
    if found is not None:
        found.answer = ""
        found.save(update_fields=["answer"])


def _request_of(approval: Approval, by: Scope) -> SubjectRequest | None:
    rows = SubjectRequest.objects.within(by).select_related("customer__figures").select_for_update(of=("self",))
    return rows.filter(pk=approval.arguments["request_id"], status=SubjectRequest.Status.IN_WORK).first()


def _refuse_while_hindered(customer: Customer) -> None:
    if customer.status in (Customer.Status.ERASED, Customer.Status.UNIDENTIFIED):
        raise ValidationError(_("There is nothing to delete."))
    if Deletion.objects.everything(because=BECAUSE).filter(customer=customer).exists():
        raise ValidationError(_("The deletion of this customer's data is agreed to already."))
    if against := obstacles(customer):
        texts = "; ".join(f"{one.text}: {one.count}" if one.count else str(one.text).rstrip(".。") for one in against)
        raise ValidationError(_now("The data cannot be deleted now. %(obstacles)s") % {"obstacles": texts})


def erase_due(*, by: Scope, tell: Tell | None = None) -> dict[str, int]:
    """Erases what the law lets go by today: in PostgreSQL, then in the lake's landed files; no load runs meanwhile.

    The next load builds the lake's tables anew without it. Where a relationship goes on again, nothing is erased; a
    customer who fails does not keep the others waiting. Answers how many classes of how many customers went, how many
    wait for an obstacle, how many failed, and the rows of the lake. Raises LoadRuns when a load does not end.
    """
    tell = tell or (lambda _message, _share: None)
    counts = {"customers": 0, "classes": 0, "hindered": 0, "failed": 0, "lake_rows": 0}
    with feeds.no_load_meanwhile(tell=tell):
        waiting = Deletion.objects.everything(because=BECAUSE).filter(erased_at=None)
        ids = list(waiting.order_by("pk").values_list("pk", flat=True))
        for place, pk in enumerate(ids):
            tell("erasing", place / len(ids))
            try:
                gone, is_hindered = _erase_one(pk, by)
            except (DatabaseError, OSError):
                log.exception("deletion %s: nothing of it was erased", pk)
                counts["failed"] += 1
                continue
            counts["customers"] += bool(gone)
            counts["classes"] += gone
            counts["hindered"] += is_hindered
        counts["lake_rows"] = feeds.clean_lake()
    return counts


@transaction.atomic
def _erase_one(pk: int, by: Scope) -> tuple[int, bool]:
    publication.share()
    rows = Deletion.objects.everything(because=BECAUSE)
    customers = Customer.objects.everything(because=BECAUSE).select_for_update(of=("self",))
    customer = customers.select_related("figures").get(deletion=pk)  # before what hangs on it, as staff do
    found = rows.select_for_update(of=("self",)).get(pk=pk)
    _count_from_the_last_day(found, relation_ended_on(customer))
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


def _count_from_the_last_day(found: Deletion, ended_on: date | None) -> None:
    """A relationship that went on after the agreement, and ended, is kept for as long as any other."""
    if ended_on is not None and (found.relation_ended_on is None or ended_on > found.relation_ended_on):
        found.relation_ended_on = ended_on
        found.save(update_fields=["relation_ended_on"])


def _with_days_of_today(found: Deletion, parts: Mapping[str, DeletionPart]) -> list[DeletionPart]:
    """The parts that are left, with their days by the parameters of today: a longer law holds for what is kept."""
    for one in plan(agreed_on=found.agreed_on, relation_ended_on=found.relation_ended_on):
        part = parts.get(one.retention_class)
        if part is not None and (part.counted_from, part.due_on) != (one.counted_from, one.due_on):
            part.counted_from, part.due_on = one.counted_from, one.due_on
            part.save(update_fields=["counted_from", "due_on"])
    return list(parts.values())


def _erase_part(found: Deletion, part: DeletionPart, by: Scope) -> None:
    is_last = part.retention_class == IDENTITY
    # With the identity goes whatever came to the other classes since: a later delivery brings none of it back either.
    for code in [one.code for one in retention_classes] if is_last else [part.retention_class]:
        feeds.remember_erased(found.customer_id, code)
    if is_last:
        _papers_go_with_the_commit(found.customer_id)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {FUNCTION}(%s, %s)", [found.customer_id, part.retention_class])
        (told,) = cursor.fetchone() or ("{}",)
    part.rows = json.loads(told)
    part.erased_at = dates.now()
    part.save(update_fields=["rows", "erased_at"])
    if is_last:
        found.erased_at = part.erased_at
        found.save(update_fields=["erased_at"])
    audit.record("customer.erased", by=by, obj=found, customer_id=found.customer_id,
                 detail={"retention_class": part.retention_class, "rows": part.rows})  # fmt: skip


def _papers_go_with_the_commit(customer_id: int) -> None:
    rows = CustomerFile.objects.everything(because=BECAUSE).filter(customer_id=customer_id)
    paths = list(rows.values_list("path", flat=True))
    transaction.on_commit(lambda: attachments.remove(paths))
