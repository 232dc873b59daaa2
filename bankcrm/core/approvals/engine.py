"""The two-person engine: asking for a second person, and what that person may do.

Every step locks the request's row first, so of two deciders at once the second finds it decided. What is agreed to is
carried out in the same transaction: when that fails, nothing is agreed.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates, extensions, parameters
from bankcrm.core.approval_models import Approval, Opinion
from bankcrm.core.approvals import queries
from bankcrm.core.approvals.people import people_for
from bankcrm.core.approvals.rules import Hindrance, people
from bankcrm.core.scope import Scope

TEXT_LENGTH = 500
TITLE_LENGTH = 200
HINDRANCES: Mapping[Hindrance, Promise] = {
    Hindrance.OVER: _("This request is decided already."),
    Hindrance.NOT_ALLOWED: _("Your post may not decide requests of this kind."),
    Hindrance.OTHER_UNIT: _("This request is about a unit outside your scope."),
    Hindrance.OWN: _("You asked for this yourself, or stand in for whoever did: a second person has to decide."),
    Hindrance.SOMEBODY_ELSES: _("This request was handed on to somebody else."),
    Hindrance.TOO_MUCH: _("This is more than your post may agree to. Hand it on to somebody who may."),
}


@transaction.atomic
def ask(
    kind: str,
    *,
    by: Scope,
    title: str,
    subject: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    arguments: Mapping[str, Any] | None = None,
    reason: str = "",
    amount: Decimal | None = None,
    unit_id: int | None = None,
    unit_no: int | None = None,
    due_on: date | None = None,
    single_key: str = "",
) -> Approval:
    """Asks for a second person's agreement; `arguments` is what carrying it out needs (JSON), nothing happens yet.

    `unit_id` and `unit_no` (the preorder number) say whose matter it is, none: the whole bank's. With a `single_key`
    only one such request may be open. Raises KeyError for an unknown kind, ValidationError without a reason where
    the kind wants one, or while another request of that key is open.
    """
    declared = extensions.approval_kinds.get(kind)
    if declared is None:
        raise KeyError(kind)
    if declared.reason_needed and not reason.strip():
        raise ValidationError({"reason": _("Please say why.")})
    made = Approval(
        kind=kind,
        title=title[:TITLE_LENGTH],
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        before=audit.plain(dict(before or {})),
        after=audit.plain(dict(after or {})),
        arguments=audit.plain(dict(arguments or {})),
        amount=amount,
        unit_id=unit_id,
        unit_no=unit_no,
        reason=reason.strip()[:TEXT_LENGTH],
        asked_by_id=by.user_id,
        asked_for_id=by.acting_for,
        asked_post_id=by.post_id,
        asked_at=dates.now(),
        due_on=due_on or dates.today() + timedelta(days=parameters.value("approvals.due_days")),
        single_key=f"{kind}:{single_key}"[:200] if single_key else None,
    )
    _save_single(made)
    _step(made, Opinion.Verb.ASKED, by, made.reason)
    _record("approval.asked", made, by, after={"kind": kind, "title": made.title, **(made.after or {})})
    return made


@transaction.atomic
def agree(*, approval_id: int, by: Scope, text: str = "") -> Approval:
    """Agrees and carries it out. Returns the request as decided.

    Raises Approval.DoesNotExist for what the scope may not read, PermissionDenied for whoever may not decide it (the
    text says why), ValidationError when it cannot be carried out as things stand now: then nothing is changed.
    """
    found = _locked(approval_id, by)
    _check(by, found, agrees=True)
    kind = queries.kind_of(found)
    assert kind is not None  # noqa: S101 - a kind that nobody declared gives nobody the permission
    _decide(found, Approval.Status.AGREED, Opinion.Verb.AGREED, by, text)
    kind.carry_out(found, by=by)
    _record("approval.agreed", found, by, reason=text)
    return found


@transaction.atomic
def send_back(*, approval_id: int, by: Scope, text: str) -> Approval:
    """Refuses, saying why; whoever asked may ask anew. Raises as `agree`, and ValidationError without a text."""
    found = _locked(approval_id, by)
    _check(by, found, agrees=False)
    if not text.strip():
        raise ValidationError({"text": _("Please say why you send it back.")})
    _decide(found, Approval.Status.SENT_BACK, Opinion.Verb.SENT_BACK, by, text)
    _ended(found, by)
    _record("approval.sent_back", found, by, reason=text)
    return found


@transaction.atomic
def withdraw(*, approval_id: int, by: Scope, text: str = "") -> Approval:
    """Takes back one's own request while nobody has decided it. Raises as `agree`."""
    found = _locked(approval_id, by)
    if not found.is_open:
        raise PermissionDenied(HINDRANCES[Hindrance.OVER])
    if not is_askers(by, found):
        raise PermissionDenied(_("Only whoever asked may withdraw a request."))
    _decide(found, Approval.Status.WITHDRAWN, Opinion.Verb.WITHDRAWN, by, text)
    _ended(found, by)
    _record("approval.withdrawn", found, by, reason=text)
    return found


@transaction.atomic
def hand_on(*, approval_id: int, to_id: int, by: Scope, text: str) -> Approval:
    """Gives the decision to somebody else who may decide it. Raises as `agree`, ValidationError for one who may not."""
    found = _locked(approval_id, by)
    _check(by, found, agrees=False)
    kind = queries.kind_of(found)
    allowed = {person.user_id for person in people_for(found, kind.permission if kind else "")}
    if to_id not in allowed - people(by.user_id):
        raise ValidationError({"to": _("This person may not decide the request.")})
    if not text.strip():
        raise ValidationError({"text": _("Please say why you hand it on.")})
    before = found.assignee_id
    found.assignee_id = to_id
    found.save(update_fields=["assignee"])
    _step(found, Opinion.Verb.HANDED_ON, by, text, to_id)
    _record("approval.handed_on", found, by, before={"assignee": before}, after={"assignee": to_id}, reason=text)
    return found


def is_askers(scope: Scope, approval: Approval) -> bool:
    """Whether the request is the reader's own."""
    return bool(people(approval.asked_by_id, approval.asked_for_id) & people(scope.user_id, scope.acting_for))


def _save_single(made: Approval) -> None:
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        if made.single_key is None:
            raise
        raise ValidationError(
            _("The same is being asked for already, and waits for a decision."), code="already_open"
        ) from error


def _locked(approval_id: int, by: Scope) -> Approval:
    queries.readable(by, approval_id)
    return Approval.objects.select_for_update().get(pk=approval_id)


def _check(by: Scope, found: Approval, *, agrees: bool) -> None:
    if (why := queries.why_not(by, found, agrees=agrees)) is not None:
        raise PermissionDenied(HINDRANCES[why])


def _decide(found: Approval, status: str, verb: str, by: Scope, text: str) -> None:
    found.status, found.decided_by_id, found.decided_at = status, by.user_id, dates.now()
    found.save(update_fields=["status", "decided_by", "decided_at"])
    _step(found, verb, by, text)


def _ended(found: Approval, by: Scope) -> None:
    kind = queries.kind_of(found)
    if kind is not None and kind.on_refused is not None:
        kind.on_refused(found, by=by)


def _step(found: Approval, verb: str, by: Scope, text: str, to_id: int | None = None) -> None:
    Opinion.objects.create(
        approval=found,
        verb=verb,
        text=text.strip()[:TEXT_LENGTH],
        by_id=by.user_id,
        for_id=by.acting_for,
        role=by.role,
        to_id=to_id,
        at=dates.now(),
    )


def _record(action: str, found: Approval, by: Scope, reason: str = "", **more: Any) -> None:
    detail = {"kind": found.kind, "asked_by": found.asked_by_id, "subject": found.subject_id}
    audit.record(action, by=by, obj=found, reason=reason or found.reason, detail=detail, **more)
