"""Ordering an export of the list."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, jobs, parameters
from bankcrm.core.models import Job
from bankcrm.core.scope import Scope
from bankcrm.customers.parameters import EXPORT_LIMIT

KIND = "customers.export"
FORMATS = ("xlsx", "csv")
LEAST_PURPOSE = 4


@transaction.atomic
def order_export(
    *,
    by: Scope,
    scope: Scope,
    list_code: str,
    query: str,
    ids: Sequence[int],
    columns: Sequence[str],
    format: str,
    purpose: str,
    rows: int,
) -> Job:
    """Orders the file of a list, or of the rows selected in it. `rows` is how many it will have at least.

    Raises ValidationError without a purpose, for an unknown format and above the bank's limit of rows, and
    PermissionDenied without the right to export.
    """
    scope.require("customers.export")
    wanted = purpose.strip()
    if len(wanted) < LEAST_PURPOSE:
        raise ValidationError(
            _("Say what the file is for: at least %(count)d characters."), params={"count": LEAST_PURPOSE}
        )
    if format not in FORMATS:
        raise ValidationError(_("This is none of the formats."))
    limit = parameters.value(EXPORT_LIMIT)
    if rows > limit:
        raise ValidationError(
            _("One file may hold %(limit)s customers. Narrow the filter, or export in parts."),
            params={"limit": f"{limit:,}"},
        )
    arguments = {
        "list_code": list_code,
        "query": query,
        "ids": list(ids),
        "columns": list(columns),
        "format": format,
        "purpose": wanted,
    }
    made = jobs.enqueue(KIND, by=by, label=str(_("Export of customers")), arguments=arguments)
    detail = {"query": query, "selected": len(ids), "columns": list(columns), "format": format}
    audit.record("customers.export", by=by, obj=made, reason=wanted, detail=detail)
    return made
