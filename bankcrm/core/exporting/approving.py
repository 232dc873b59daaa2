"""Large files need a second person: asking, who may agree to how much, and what agreeing sets going.

What is agreed to is a filter, of which the rows tell the size: until the file is written it may grow by a tenth.
A file of the whole bank's rows is a kind of its own: the head of the asker's unit, who may be in it, has no say there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from json import dumps
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import approvals, extensions, jobs, parameters
from bankcrm.core.approval_models import Approval
from bankcrm.core.approvals import Difference, Words
from bankcrm.core.exporting.parameters import AGREE_UP_TO, APPROVE_ABOVE
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.models import Job
from bankcrm.core.scope import Scope

KIND, KIND_OF_BANK = "core.export", "core.export_of_bank"
KINDS = (KIND, KIND_OF_BANK)
AGREE, AGREE_ANY = "exports.agree", "exports.agree.any"
MAY_GROW = Decimal("1.1")
WAITS = gettext_lazy(
    "Your request waits for a second person. Once agreed to, the file is made and stands under “My jobs”; if it is "
    "sent back, you read why there and on the request."
)
FORMAT_NAMES = {"xlsx": "Excel (xlsx)", "csv": "CSV"}


@dataclass(frozen=True, slots=True)
class ListWords:
    """A list in words, as the reader's post may see it. `hidden`: how many conditions it may not."""

    filter: str
    columns: str
    hidden: int = 0


def threshold(scope: Scope) -> int:
    """How many rows the scope's unit may take without a second person."""
    return int(parameters.value(APPROVE_ABOVE, unit_id=scope.unit_id))


def is_needed(scope: Scope, rows: int) -> bool:
    """Whether a file of that many rows needs a second person."""
    return not scope.is_system and rows > threshold(scope)


def column_words(label: Any, *, is_sensitive: bool) -> str:
    """A column's head; names, figures and what else tells of somebody are marked as sensitive."""
    return _("%(column)s (sensitive)") % {"column": label} if is_sensitive else str(label)


def ask(
    list_code: str,
    *,
    by: Scope,
    title: str,
    rows: int,
    purpose: Purpose,
    arguments: Mapping[str, Any],
    settled: Mapping[str, Any] | None = None,
) -> Approval:
    """Asks for a second person; `arguments` are those of the job that then writes the file.

    `settled`: further ones, which the moment of asking made; without them two requests are for the same file.
    ValidationError while the same file is asked for already, KeyError for a list that nobody registered.
    """
    declared = extensions.export_lists.get(list_code)
    if declared is None:
        raise KeyError(list_code)
    return approvals.ask(
        KIND_OF_BANK if declared.is_of_bank else KIND,
        by=by,
        title=title,
        after={"rows": rows, "purpose": purpose.words},
        arguments={"list": list_code, "label": title, "arguments": {**arguments, **(settled or {})}},
        reason=purpose.words,
        amount=Decimal(rows),
        unit_id=by.unit_id,
        unit_no=by.unit_no if by.unit_id else None,
        single_key=f"{by.user_id}:{digest_of(arguments)}",
    )


def digest_of(arguments: Mapping[str, Any]) -> str:
    """Stands for a job's arguments: the same file is asked for once at a time."""
    return sha256(dumps(dict(arguments), sort_keys=True, default=str).encode()).hexdigest()[:40]


def carry_out(approval: Approval, *, by: Scope) -> None:
    """Orders the file in the name of whoever asked, with their rights of now. ValidationError when these are gone."""
    declared = extensions.export_lists.get(approval.arguments["list"])
    if declared is None or approval.asked_by_id is None:
        raise ValidationError(_("This list is not there any more."))
    try:
        jobs.enqueue_for(
            declared.job,
            user_id=approval.asked_by_id,
            post_id=approval.asked_post_id,
            by=by,
            label=approval.arguments["label"],
            arguments={**approval.arguments["arguments"], "approval_id": approval.pk},
        )
    except PermissionDenied as error:
        raise ValidationError(_("Whoever asked may not export this any more: send the request back.")) from error


def agreed(scope: Scope, approval_id: int | None, rows: int) -> Approval | None:
    """The request that lets this scope take so many rows; None where none is needed.

    ValidationError when one is needed and there is none, or it was for fewer rows.
    """
    found = Approval.objects.filter(
        pk=approval_id or 0, kind__in=KINDS, status=Approval.Status.AGREED, asked_by_id=scope.user_id or 0
    ).first()
    if not is_needed(scope, rows):
        return found
    if found is None or found.amount is None:
        raise ValidationError(
            _("This file has %(rows)s rows by now; above %(most)s a second person has to agree. Order it again."),
            params={"rows": f"{rows:,}", "most": f"{threshold(scope):,}"},
        )
    if rows > found.amount * MAY_GROW:
        raise ValidationError(
            _("%(agreed)s rows were agreed to; by now there are %(rows)s. Order the file again."),
            params={"rows": f"{rows:,}", "agreed": f"{found.amount:,.0f}"},
        )
    return found


def limit(scope: Scope, approval: Approval) -> Decimal | None:
    """Up to how many rows the scope's post may agree; None: any number."""
    if scope.is_system or scope.may(AGREE_ANY):
        return None
    return Decimal(parameters.value(AGREE_UP_TO, unit_id=scope.unit_id))


def words(scope: Scope, approval: Approval) -> Words:
    """The request in the reader's words. What the reader's post may not see of the filter is counted, not shown."""
    given: Mapping[str, Any] = approval.arguments
    declared = extensions.export_lists.get(given["list"])
    if declared is None:
        return Words(approval.title)
    told: ListWords = declared.words(scope, given["arguments"])
    text = told.filter or ("–" if told.hidden else _("none: all that whoever asks may see"))
    if told.hidden:
        text += " · " + _("%(count)d more conditions that your post may not see") % {"count": told.hidden}
    inner: Mapping[str, Any] = given["arguments"]
    purpose = Purpose(inner["purpose_code"], inner["purpose"])
    lines = (
        Difference(_("List"), "–", declared.label),
        Difference(_("Filter"), "–", text),
        Difference(_("Columns"), "–", told.columns),
        Difference(_("Rows when asked"), "–", f"{approval.amount:,.0f}"),
        Difference(_("Purpose"), "–", purpose.words),
        Difference(_("Format"), "–", FORMAT_NAMES.get(inner["format"], inner["format"])),
    )
    title = _("File: %(list)s, %(rows)s rows") % {"list": declared.label, "rows": f"{approval.amount:,.0f}"}
    url = _job_url(scope, approval)
    return Words(title, lines, url, _("Open the file") if url else "")


def _job_url(scope: Scope, approval: Approval) -> str:
    """The job that makes the file that was agreed to: for whoever asked, who alone may have it."""
    if approval.status != Approval.Status.AGREED or scope.user_id != approval.asked_by_id:
        return ""
    made = Job.objects.filter(by_id=approval.asked_by_id, arguments__approval_id=approval.pk).order_by("-id").first()
    return reverse("core:job", args=[made.pk]) if made else ""
