"""The record of who did or read what. `record` is called by actions, inside the transaction of what it tells about."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.functional import Promise

from bankcrm.core import context
from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope

DEVICE_LENGTH = 200
REASON_LENGTH = 500


def record(
    action: str,
    *,
    by: Scope,
    obj: models.Model | None = None,
    object_type: str = "",
    object_id: str | int = "",
    customer_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Writes one audit event into the current transaction.

    `action` is `<subject>.<verb>`. `obj` fills object_type (its label) and object_id (its key). What a user must not
    see in plain must not stand in `before`, `after` or `detail` either: callers mask it. The sealer chains the event
    after the commit.
    """
    serving = context.current()
    if obj is not None:
        object_type, object_id = obj._meta.label_lower, str(obj.pk)
    if serving is not None and serving.token:
        detail = {**(detail or {}), "token": serving.token}
    if by.acting_for is not None:
        detail = {**(detail or {}), "acting_for": by.acting_for}
    # Real time even where a test or a rerun stops the bank's clock: the record says when it was written.
    return AuditEvent.objects.create(
        occurred_at=timezone.now(),
        user_id=by.user_id,
        username=by.username,
        post_id=by.post_id,
        role=by.role,
        unit_id=by.unit_id,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        customer_id=customer_id,
        before=plain(before),
        after=plain(after),
        reason=(reason or by.because)[:REASON_LENGTH],
        detail=plain(detail),
        request_id=serving.request_id if serving else "",
        address=serving.ip if serving else "",
        device=serving.user_agent[:DEVICE_LENGTH] if serving else "",
    )


def plain(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """The same as JSON that reads back equal: exact amounts and dates become text, floats are refused."""
    if values is None:
        return None
    read: dict[str, Any] = json.loads(json.dumps(_plain(values), ensure_ascii=False))
    return read


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, Decimal | Promise):
        return format(value, "f") if isinstance(value, Decimal) else force_str(value)
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, models.Model):
        return value.pk
    raise TypeError(f"{type(value).__name__} does not belong into the audit")
