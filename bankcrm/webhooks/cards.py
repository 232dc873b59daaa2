"""The administrator's landing page says which webhooks do not work."""

from collections.abc import Mapping
from typing import Any

from bankcrm.core.scope import Scope
from bankcrm.webhooks.queries import bad_lines


def bad(scope: Scope) -> Mapping[str, Any] | None:
    """Those that fail, were switched off, or whose token has ended; nothing where all is well."""
    found = bad_lines(scope)
    return {"lines": found} if found else None
