"""Keeping files and writing down who took what. Called inside the job or view that made the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from bankcrm.core import audit, context, dates, files, parameters
from bankcrm.core.approval_models import Approval
from bankcrm.core.export_models import ExportRecord
from bankcrm.core.exporting import codes
from bankcrm.core.exporting.parameters import KEEP_DAYS
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.exporting.writers import content_type
from bankcrm.core.models import Job
from bankcrm.core.scope import Scope

PRINT_FOR = timedelta(days=1)
CUSTOMERS_AN_EVENT = 10_000
WHAT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Content:
    """What a file or print holds, in the words of whoever made it. `columns` are their heads."""

    list_code: str
    what: str
    columns: Sequence[str]
    rows: int
    query: str = ""
    filter_text: str = ""
    names_customers: bool = False
    customer_id: int | None = None
    customers: Sequence[int] = ()  # ids of all that the file holds: a customer's access record has them


def new_code() -> str:
    """A tracing code that nothing bears yet."""
    while ExportRecord.objects.filter(code=(code := codes.draw())).exists():
        pass
    return code


def expiry() -> datetime:
    """When a file that is made now goes."""
    return dates.now() + timedelta(days=parameters.value(KEEP_DAYS))


@transaction.atomic
def keep(
    path: Path,
    *,
    content: Content,
    purpose: Purpose,
    code: str,
    expires_at: datetime,
    permission: str,
    by: Scope,
    job: Job | None = None,
    approval: Approval | None = None,
) -> ExportRecord:
    """Moves a finished file into the store, under a name that carries its code, and records it.

    OSError when the disk is full; then nothing is recorded.
    """
    format = path.suffix[1:]
    stored = files.keep(
        path,
        name=f"{content.what}-{dates.today():%Y%m%d}-{codes.grouped(code)}.{format}".replace("/", "-"),
        content_type=content_type(format),
        permission=permission,
        by=by,
        purpose=purpose.words[: files.PURPOSE_LENGTH],
        job=job,
        expires_at=expires_at,
    )
    made = _record(ExportRecord.Kind.EXPORT, content, purpose, code, by, expires_at, format=format, approval=approval,
                   file_id=stored.pk, file_name=stored.name)  # fmt: skip
    for start in range(0, len(content.customers), CUSTOMERS_AN_EVENT):
        ids = list(content.customers[start : start + CUSTOMERS_AN_EVENT])
        audit.record("customers.exported", by=by, obj=made, reason=purpose.words, detail={"customers": ids})
    return made


@transaction.atomic
def record_print(*, content: Content, purpose: Purpose, by: Scope) -> ExportRecord:
    """Records a print before it is shown; the page may be opened under it for a day."""
    return _record(ExportRecord.Kind.PRINT, content, purpose, new_code(), by, dates.now() + PRINT_FOR)


def _record(
    kind: str, content: Content, purpose: Purpose, code: str, by: Scope, expires_at: datetime, **more: Any
) -> ExportRecord:
    serving = context.current()
    made = ExportRecord.objects.create(
        code=code,
        kind=kind,
        list_code=content.list_code,
        what=content.what[:WHAT_LENGTH],
        query=content.query,
        filter_text=content.filter_text,
        columns=list(content.columns),
        rows=content.rows,
        names_customers=content.names_customers,
        customer_id=content.customer_id,
        purpose_code=purpose.code,
        purpose=purpose.text,
        user_id=by.user_id,
        acting_for=by.acting_for,
        post_id=by.post_id,
        role=by.role,
        unit_id=by.unit_id,
        address=serving.ip if serving else "",
        made_at=dates.now(),
        expires_at=expires_at,
        **more,
    )
    detail = {"code": made.code, "list": made.list_code, "rows": made.rows, "columns": made.columns}
    audit.record(
        "print.recorded" if kind == ExportRecord.Kind.PRINT else "export.recorded",
        by=by,
        obj=made,
        customer_id=content.customer_id,
        reason=purpose.words,
        detail=detail | ({"approval": made.approval_id} if made.approval_id else {}),
    )
    return made
