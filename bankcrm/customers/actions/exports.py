"""Ordering an export of the list."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import audit, jobs, parameters
from bankcrm.core.exporting import approving
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.exporting.writers import FORMATS
from bankcrm.core.models import Approval, Job
from bankcrm.core.scope import Scope
from bankcrm.customers.consent_rules import ANY
from bankcrm.customers.parameters import EXPORT_LIMIT
from bankcrm.customers.service_codes import ConsentChannel

KIND = "customers.export"
LIST = "customers"
NO_FORMAT = gettext_lazy("This is none of the formats.")


def _check(format: str, channel: str, rows: int) -> None:
    if format not in FORMATS:
        raise ValidationError({"format": NO_FORMAT})
    if channel not in ConsentChannel.values:
        raise ValidationError({"channel": _("This is none of the channels.")})
    if rows < 1:
        raise ValidationError(
            _("There is nothing to export: no customer meets the filter and may be in a file for this purpose.")
        )
    limit = parameters.value(EXPORT_LIMIT)
    if rows > limit:
        raise ValidationError(
            _("One file may hold %(limit)s customers. Narrow the filter, or export in parts."),
            params={"limit": f"{limit:,}"},
        )


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
    purpose: Purpose,
    rows: int,
    channel: str = ANY,
) -> Job | Approval:
    """Orders the file of a list, or of the rows selected in it; above the parameter's rows asks a second person.

    `rows` is what the caller has counted in the scope, without those whom the purpose leaves out; `channel`: by which a
    marketing file's customers are to be contacted. Raises ValidationError for an unknown format or channel, for no
    rows, above the bank's limit and while the same file is asked for; PermissionDenied without the right to export.
    """
    scope.require("customers.export")
    _check(format, channel, rows)
    arguments = {
        "list_code": list_code,
        "query": query,
        "ids": list(ids),
        "columns": list(columns),
        "format": format,
        "purpose_code": purpose.code,
        "purpose": purpose.text,
        "channel": channel,
    }
    made: Job | Approval
    if approving.is_needed(scope, rows):
        title = _("Export of %(rows)s customers") % {"rows": f"{rows:,}"}
        made = approving.ask(LIST, by=by, title=title, rows=rows, purpose=purpose, arguments=arguments)
    else:
        made = jobs.enqueue(KIND, by=by, label=_("Export of customers"), arguments=arguments)
    detail = {"query": query, "selected": len(ids), "columns": list(columns), "format": format, "rows": rows,
              "channel": channel}  # fmt: skip
    audit.record("customers.export", by=by, obj=made, reason=purpose.words, detail=detail)
    return made
