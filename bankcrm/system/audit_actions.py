"""What is done on the pages of the audit: none of it changes an event, each leaves one of its own."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from bankcrm.core import audit, jobs
from bankcrm.core.exporting import approving
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.models import Approval, AuditEvent, Job
from bankcrm.core.scope import Scope
from bankcrm.system import audit_export
from bankcrm.system.audit_queries import VIEW, Wanted

EXPORT, VERIFY = "system.audit_export", "system.audit_verify"


def record_read(*, scope: Scope, wanted: Wanted, page: str, rows: int) -> AuditEvent:
    """Reading the audit is on record like any other read: by whom, of what."""
    return audit.record("audit.read", by=scope, detail={"filter": wanted.told(), "page": page, "found": rows})


def record_open(*, scope: Scope, event: AuditEvent) -> AuditEvent:
    """Opening one event may show what a customer's data were."""
    return audit.record(
        "audit.open", by=scope, object_type=event._meta.label_lower, object_id=event.id, detail={"action": event.action}
    )


@transaction.atomic
def order_export(
    *, by: Scope, wanted: Wanted, query: Mapping[str, str], format: str, purpose: Purpose
) -> Job | Approval:
    """Orders the file of a filter; above the parameter's rows asks a second person.

    Raises PermissionDenied without `audit.view`, Unknown as the list does, and ValidationError while the same file is
    asked for.
    """
    wanted = audit_export.settled(wanted)
    rows = audit_export.count(by, wanted)
    arguments = {"query": dict(query), "format": format, "purpose": purpose.text, "purpose_code": purpose.code}
    period = {name: getattr(wanted, name).isoformat() for name in audit_export.PERIOD}
    made: Job | Approval
    if approving.is_needed(by, rows):
        title = _("Export of %(rows)s records of the audit") % {"rows": f"{rows:,}"}
        made = approving.ask(
            audit_export.LIST, by=by, title=title, rows=rows, purpose=purpose, arguments=arguments, settled=period
        )
    else:
        made = jobs.enqueue(EXPORT, by=by, label=_("Export of the audit"), arguments={**arguments, **period})
    detail = {"filter": wanted.told(), "format": format, "rows": rows}
    audit.record("audit.export", by=by, obj=made, reason=purpose.words, detail=detail)
    return made


def order_verification(*, by: Scope) -> Job:
    """Orders a verification of the whole audit. Raises PermissionDenied without `audit.view`."""
    by.require(VIEW)
    return jobs.enqueue(VERIFY, by=by, label=_("Verification of the audit"))
