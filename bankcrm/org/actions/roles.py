"""Roles are code: their second witness is the audit, which keeps what each role may do and when that changed."""

import hashlib
import json

from django.db import transaction

from bankcrm.core import audit
from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.org.roles import ROLES

CHANGED = "roles.changed"


def roles_now() -> dict[str, list[str]]:
    """What each role of this version may do: permissions by code, sorted."""
    return {code: sorted(role.permissions) for code, role in sorted(ROLES.items())}


@transaction.atomic
def record_roles(*, by: Scope) -> AuditEvent | None:
    """Records what roles may do where that differs from what the audit last kept; called after each migration.

    Answers None where nothing changed. The first record of a bank tells all roles.
    """
    now = roles_now()
    last = AuditEvent.objects.filter(action=CHANGED).order_by("-occurred_at", "-id").first()
    before: dict[str, list[str]] = (last.after or {}) if last else {}
    if before == now:
        return None
    digest = hashlib.sha256(json.dumps(now, sort_keys=True).encode()).hexdigest()
    added = {code: sorted(set(now[code]) - set(before.get(code, []))) for code in now}
    taken = {code: sorted(set(before[code]) - set(now.get(code, []))) for code in before}
    detail = {
        "added": {code: codes for code, codes in added.items() if codes},
        "taken": {code: codes for code, codes in taken.items() if codes},
        "sha256": digest,
    }
    return audit.record(
        CHANGED, by=by, object_type="org.role", object_id="all", before=before or None, after=now, detail=detail
    )
