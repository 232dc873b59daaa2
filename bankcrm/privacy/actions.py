"""What becomes of a data subject's request. Every step is an action of its steward, in the customer's audit."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates, jobs
from bankcrm.core.models import Job
from bankcrm.core.scope import Scope
from bankcrm.customers.actions import restrictions
from bankcrm.customers.actions.overrides import locked
from bankcrm.customers.models import ProcessingRestriction, Task
from bankcrm.org.models import User
from bankcrm.privacy import rules
from bankcrm.privacy.models import SubjectRequest
from bankcrm.privacy.queries import WORK, last_day, request_of, restrictions_of, stewards

FILE_JOB = "privacy.file"
FILES = (SubjectRequest.Kind.SEE, SubjectRequest.Kind.COPY)
LONGEST = 500
BACK_DAYS = 90
CLOSING = time(18)


@transaction.atomic
def record_request(
    *, by: User, scope: Scope, number: str, kind: str, came_by: str, proof: str, received_on: date, wish: str = ""
) -> SubjectRequest:
    """Records a request of the customer of that number; its last day follows from the parameters.

    Raises PermissionDenied, Customer.DoesNotExist; ValidationError by field, also while one of the kind is open.
    """
    scope.require(WORK)
    customer = locked(scope, number)
    _check_new(kind, came_by, proof, received_on)
    if kind == SubjectRequest.Kind.DELETE and not customer.is_person:
        raise ValidationError({"kind": _("Deletion can be asked for by persons only.")})
    if customer.subject_requests.filter(kind=kind, closed_at=None).exists():
        raise ValidationError({"kind": _("A request of this kind is open for the customer already.")})
    if kind == SubjectRequest.Kind.LIFT and not customer.restrictions.filter(lifted_at=None).exists():
        raise ValidationError({"kind": _("Nothing is restricted for this customer.")})
    made = SubjectRequest.objects.create(
        customer=customer,
        kind=kind,
        came_by=came_by,
        proof=proof,
        wish=" ".join(wish.split())[:LONGEST],
        received_on=received_on,
        due_on=last_day(kind, received_on),
        recorded_by=by,
    )
    _record("customer.request_received", made, scope, after={"received_on": received_on, "due_on": made.due_on})
    return made


def _check_new(kind: str, came_by: str, proof: str, received_on: date) -> None:
    choices = (("kind", kind, SubjectRequest.Kind), ("came_by", came_by, SubjectRequest.CameBy),
               ("proof", proof, SubjectRequest.Proof))  # fmt: skip
    for name, value, known in choices:
        if value not in known.values:
            raise ValidationError({name: _("Choose one of the list.")})
    today = dates.today()
    if received_on > today:
        raise ValidationError({"received_on": _("The day has not come yet.")})
    if received_on < today - timedelta(days=BACK_DAYS):
        raise ValidationError({"received_on": _("Requests can be recorded for the last 90 days.")})


@transaction.atomic
def assign(*, by: User, scope: Scope, request_id: int, steward_id: int) -> SubjectRequest:
    """Gives a request to a steward (oneself, most times), who gets a task until its last day.

    Raises PermissionDenied, SubjectRequest.DoesNotExist; ValidationError for somebody who may not work on requests.
    """
    found = _locked(scope, request_id)
    _check_next(found, rules.IN_WORK)
    steward = stewards().filter(pk=steward_id).first()
    if steward is None:
        raise ValidationError({"steward": _("This person does not work on requests.")})
    before, found.steward, found.status = found.steward, steward, SubjectRequest.Status.IN_WORK
    _end_task(found, _now("Given to %(name)s") % {"name": steward.label})
    found.task_id = _remind(found, steward, by).pk
    found.save(update_fields=["steward", "status", "task_id"])
    _record("customer.request_taken", found, scope, before={"steward": before.label if before else None},
            after={"steward": steward.label})  # fmt: skip
    return found


@transaction.atomic
def order_file(*, by: User, scope: Scope, request_id: int) -> Job:
    """Orders the file of all that is kept of the person. ValidationError for a request that asks for none."""
    found = in_work(scope, request_id)
    if found.kind not in FILES:
        raise ValidationError(_("This request asks for no file."))
    made = jobs.enqueue(FILE_JOB, by=scope, label=_now("File for request %(number)s") % {"number": found.number},
                        arguments={"request_id": found.pk})  # fmt: skip
    _record("customer.request_file_ordered", found, scope)
    return made


@transaction.atomic
def answer(*, by: User, scope: Scope, request_id: int, text: str) -> SubjectRequest:
    """Closes a request as answered, saying how. Of a file, only once it is made; restrictions have their own action.

    Raises PermissionDenied, SubjectRequest.DoesNotExist, ValidationError.
    """
    found = in_work(scope, request_id)
    if found.kind in FILES and not found.file_code:
        raise ValidationError(_("Make the file first."))
    if found.kind == SubjectRequest.Kind.DELETE:
        raise ValidationError(_("Ask for the deletion, or refuse the request."))
    if found.kind in (SubjectRequest.Kind.RESTRICT, SubjectRequest.Kind.LIFT):
        raise ValidationError(_("Restrict processing, or lift the restriction, to answer this request."))
    return _close(found, by, scope, SubjectRequest.Status.ANSWERED, text)


@transaction.atomic
def answer_by_restricting(
    *, by: User, scope: Scope, request_id: int, reason: str, note: str, until_on: date | None, text: str
) -> SubjectRequest:
    """Restricts processing and closes the request, both or neither. Raises as `answer`."""
    found = in_work(scope, request_id)
    if found.kind != SubjectRequest.Kind.RESTRICT:
        raise ValidationError(_("This request asks for no restriction."))
    restrictions.restrict(by=by, scope=scope, number=found.customer.number, reason=reason, note=note,
                          until_on=until_on, request_number=found.number)  # fmt: skip
    return _close(found, by, scope, SubjectRequest.Status.ANSWERED, text)


@transaction.atomic
def answer_by_lifting(*, by: User, scope: Scope, request_id: int, restriction_id: int, text: str) -> SubjectRequest:
    """Lifts the restriction that was chosen and closes the request, both or neither. Raises as `answer`."""
    found = in_work(scope, request_id)
    if found.kind != SubjectRequest.Kind.LIFT:
        raise ValidationError(_("This request does not ask to lift a restriction."))
    if restriction_id not in {one.pk for one in restrictions_of(found)}:
        raise ValidationError({"restriction": _("Choose one of the list.")})
    try:
        restrictions.lift(by=by, scope=scope, number=found.customer.number, restriction_id=restriction_id, reason=text)
    except ProcessingRestriction.DoesNotExist:
        raise ValidationError({"restriction": _("This restriction is lifted already.")}) from None
    return _close(found, by, scope, SubjectRequest.Status.ANSWERED, text)


@transaction.atomic
def refuse(*, by: User, scope: Scope, request_id: int, refusal: str, text: str) -> SubjectRequest:
    """Closes a request without doing what it asks, for a reason of the list and in words. Raises as `answer`."""
    found = _locked(scope, request_id)
    if refusal not in SubjectRequest.Refusal.values:
        raise ValidationError({"refusal": _("Choose one of the list.")})
    found.refusal = refusal
    return _close(found, by, scope, SubjectRequest.Status.REFUSED, text)


@transaction.atomic
def note_file(*, scope: Scope, request_id: int, code: str) -> None:
    """Keeps the tracing code of the file that was made for a request: called by the job that made it."""
    found = in_work(scope, request_id)
    found.file_code = code
    found.save(update_fields=["file_code"])
    _record("customer.request_file", found, scope)


def _locked(scope: Scope, request_id: int) -> SubjectRequest:
    scope.require(WORK)
    seen = request_of(scope, request_id)
    return (
        SubjectRequest.objects.within(scope)
        .select_for_update(of=("self",))
        .select_related("customer", "steward")
        .get(pk=seen.pk)
    )


def in_work(scope: Scope, request_id: int) -> SubjectRequest:
    """The request, locked, which its steward works on. Raises PermissionDenied, DoesNotExist, ValidationError."""
    found = _locked(scope, request_id)
    if found.status != SubjectRequest.Status.IN_WORK:
        raise ValidationError(_("Take the request first; a closed one stays as it is."), code="not_in_work")
    return found


def _check_next(found: SubjectRequest, after: str) -> None:
    if not rules.may_follow(found.status, after):
        raise ValidationError(_("Take the request first; a closed one stays as it is."), code="not_in_work")


def _close(found: SubjectRequest, by: User, scope: Scope, status: str, text: str) -> SubjectRequest:
    _check_next(found, status)
    words = checked_answer(text)
    found.status, found.answer, found.closed_by, found.closed_at = status, words, by, dates.now()
    found.save(update_fields=["status", "answer", "refusal", "closed_by", "closed_at"])
    _end_task(found, str(SubjectRequest.Status(status).label))
    is_answered = status == SubjectRequest.Status.ANSWERED
    _record("customer.request_answered" if is_answered else "customer.request_refused", found, scope)  # fmt: skip
    return found


def checked_answer(text: str) -> str:
    """What the customer is told, tidied. ValidationError for nothing and for too much."""
    words = " ".join(text.split())
    if not words or len(words) > LONGEST:
        raise ValidationError({"text": _("Say in at most 500 characters what the customer is told.")})
    return words


def close_agreed(found: SubjectRequest, by: User, scope: Scope, text: str) -> SubjectRequest:
    """Answers a request whose doing a second person agreed to. `found` is locked."""
    return _close(found, by, scope, SubjectRequest.Status.ANSWERED, text)


def _remind(found: SubjectRequest, steward: User, by: User) -> Task:
    title = _now("Answer request %(number)s (%(kind)s)") % {"number": found.number, "kind": found.get_kind_display()}
    due = datetime.combine(max(found.due_on, dates.today()), CLOSING, dates.zone())
    return Task.objects.create(assignee=steward, title=title, due_at=due, created_by=by)


def _end_task(found: SubjectRequest, words: str) -> None:
    """The reminder ends with the request, or when somebody else takes it."""
    open_one = Task.objects.filter(pk=found.task_id or 0, status=Task.Status.OPEN)
    open_one.update(status=Task.Status.DONE, outcome=words[:200], closed_at=dates.now())


def _record(action: str, found: SubjectRequest, scope: Scope, **more: Any) -> None:
    """The audit keeps which request; the customer's and the steward's words stand in the request alone."""
    detail = {"request": found.number}
    audit.record(action, by=scope, obj=found, customer_id=found.customer_id, detail=detail, **more)
