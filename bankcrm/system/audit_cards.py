"""The landing page of auditors and security administrators says when the audit is not as it should be."""

from collections.abc import Mapping
from typing import Any

from bankcrm.core.scope import Scope
from bankcrm.system.audit_queries import integrity


def alarm(scope: Scope) -> Mapping[str, Any] | None:
    """What is wrong with the audit; nothing where all is well."""
    state = integrity(scope, shown=1)
    is_bad = state.all_count or state.is_sealing_late or (state.is_overdue and state.sealed)
    return {"state": state} if is_bad else None
