"""What staff do with the papers of a customer: upload, replace, open and remove files, and waive what need not be.

Whatever is refused leaves nothing behind, neither a row nor a file: all rules are asked before a byte is stored.
"""

import logging
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import attachments, audit, dates, media, parameters
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.overrides import checked_reason, locked
from bankcrm.customers.models import Customer, CustomerFile, Holding, IdentityDocument, PaperWaiver
from bankcrm.customers.paper_codes import PaperKind, number_class
from bankcrm.customers.paper_parameters import MAX_MB
from bankcrm.customers.queries.header import document_class
from bankcrm.customers.queries.papers import may_open
from bankcrm.customers.queries.subject import subject_of
from bankcrm.org.models import User

log = logging.getLogger(__name__)
MEGABYTE = 1 << 20
REFUSED: dict[str, Any] = {
    "empty": _("The file is empty."),
    "unknown": _("This is no PDF, PNG, JPEG, TIFF, Word (docx) or Excel (xlsx) file, whatever its name says."),
    "broken": _("The file is damaged or was not sent whole. Save or scan it anew."),
    "macros": _("The file contains macros. Save it without them."),
    "bomb": _(
        "The file would unpack to far more than such a file has. It is not taken; tell your IT where it came from."
    ),
    "nested": _("The file has other files, archives or programs in it. Take them out and upload them one by one."),
    "entities": _(
        "The file defines entities, which office files never do. It is not taken; tell your IT where it came from."
    ),
    "names": _("The file has parts whose names lead elsewhere. It is not taken; tell your IT where it came from."),
    "encrypted": _("The file is locked with a password. Save it without one: nobody else could open it."),
}


@dataclass(frozen=True)
class NewFile:
    """What was typed beside a file. `document_key` and `holding_id`: what it belongs to."""

    paper_kind: str
    number: str = ""
    title: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    document_key: str = ""
    holding_id: int | None = None


@transaction.atomic
def add_file(*, by: User, scope: Scope, number: str, new: NewFile, content: BinaryIO, size: int) -> CustomerFile:
    """Keeps a file about a customer; `size` is what was sent, which may be more than `content` holds.

    Number and end are taken from the identity document that it belongs to unless they were typed. Raises
    PermissionDenied, Customer.DoesNotExist; ValidationError by field, with nothing kept.
    """
    customer = _held(scope, number, "customers.files.edit")
    return _keep(by, scope, customer, new, content, size, None)


@transaction.atomic
def replace_file(
    *, by: User, scope: Scope, number: str, file_id: int, new: NewFile, content: BinaryIO, size: int
) -> CustomerFile:
    """Puts a newer version in a file's place; the old one stays, replaced. The kind of paper remains.

    Raises CustomerFile.DoesNotExist where none is in force under that id, and as for `add_file`.
    """
    customer = _held(scope, number, "customers.files.edit")
    old = _in_force(customer, file_id)
    return _keep(by, scope, customer, new, content, size, old)


@transaction.atomic
def remove_file(*, by: User, scope: Scope, number: str, file_id: int, reason: str) -> CustomerFile:
    """Takes a file off, with the reason. It stays in the store for auditors. Errors as for `replace_file`."""
    customer = _held(scope, number, "customers.files.edit")
    why, old = checked_reason(reason), _in_force(customer, file_id)
    old.removed_by, old.removed_at, old.removal_reason = by, dates.now(), why
    old.save(update_fields=["removed_by", "removed_at", "removal_reason"])
    before = {"paper_kind": old.paper_kind}
    audit.record("customer.remove_file", by=scope, obj=old, customer_id=customer.pk, before=before, reason=why)
    return old


@transaction.atomic
def open_file(*, scope: Scope, number: str, file_id: int) -> tuple[CustomerFile, BinaryIO]:
    """A file's content for whoever may see it, recorded: what stands in it is not masked.

    Raises PermissionDenied, Customer.DoesNotExist, CustomerFile.DoesNotExist, attachments.DamagedError.
    """
    customer = Customer.objects.within(scope).select_related("person", "organisation").get(number=number)
    row = customer.files.get(pk=file_id)
    if not may_open(subject_of(scope, customer), row):
        raise PermissionDenied("customers.files.open")
    try:
        stream = attachments.opened(row.path, row.sha256)
    except attachments.DamagedError:
        log.error("file %s of the store is gone or not what was stored: %s", row.pk, row.path)
        raise
    detail = {"paper_kind": row.paper_kind, "sha256": row.sha256}
    audit.record("customer.open_file", by=scope, obj=row, customer_id=customer.pk, detail=detail)
    return row, stream


@transaction.atomic
def waive_paper(
    *, by: User, scope: Scope, number: str, paper_kind: str, reason: str, until_on: date | None = None
) -> PaperWaiver:
    """Says that a customer need not have a kind of paper. Raises PermissionDenied, Customer.DoesNotExist, and
    ValidationError for a reason that says nothing, a day that is over, or what is waived already.
    """
    customer = _held(scope, number, "customers.files.waive")
    _known_kind(paper_kind)
    why = checked_reason(reason)
    if until_on and until_on < dates.today():
        raise ValidationError({"until_on": _("This day is over.")})
    in_force = customer.paper_waivers.filter(paper_kind=paper_kind, ended_at=None)
    if in_force.filter(until_on=None).exists() or in_force.filter(until_on__gte=dates.today()).exists():
        raise ValidationError(_("This paper is waived already."), code="waived")
    in_force.update(ended_at=dates.now(), ended_by=by)  # one whose time is over
    made = PaperWaiver.objects.create(customer=customer, paper_kind=paper_kind, reason=why, until_on=until_on, by=by)
    after = {"paper_kind": paper_kind, "until_on": until_on}
    audit.record("customer.waive_paper", by=scope, obj=made, customer_id=customer.pk, after=after, reason=why)
    return made


@transaction.atomic
def end_waiver(*, by: User, scope: Scope, number: str, paper_kind: str) -> None:
    """Asks for a paper again. Raises PermissionDenied, Customer.DoesNotExist, PaperWaiver.DoesNotExist."""
    customer = _held(scope, number, "customers.files.waive")
    made = customer.paper_waivers.select_for_update().get(paper_kind=paper_kind, ended_at=None)
    made.ended_at, made.ended_by = dates.now(), by
    made.save(update_fields=["ended_at", "ended_by"])
    before = {"paper_kind": paper_kind}
    audit.record("customer.end_waiver", by=scope, obj=made, customer_id=customer.pk, before=before)


def _held(scope: Scope, number: str, permission: str) -> Customer:
    """The customer, held for this transaction: two uploads of the same file do not pass each other."""
    scope.require(permission)
    return locked(scope, number)


def _in_force(customer: Customer, file_id: int) -> CustomerFile:
    rows = customer.files.select_for_update(of=("self",)).filter(replaced_at=None, removed_at=None)
    found: CustomerFile = rows.get(pk=file_id)
    return found


def _keep(
    by: User, scope: Scope, customer: Customer, new: NewFile, content: BinaryIO, size: int, old: CustomerFile | None
) -> CustomerFile:
    kind = old.paper_kind if old else _known_kind(new.paper_kind)
    document, holding = _document(customer, new), _holding(scope, customer, new)
    since = new.valid_from or (document.issued_on if document else None)
    until = new.valid_until or (document.expires_on if document else None)
    if since and until and until < since:
        raise ValidationError({"valid_until": _("The end must come after the beginning.")})
    found = _checked(content, size)
    _new_to_us(customer, kind, content)
    with _stored(content) as kept:
        if old is not None:
            old.replaced_at = dates.now()
            old.save(update_fields=["replaced_at"])
        made = CustomerFile.objects.create(
            customer=customer,
            **({"series": old.series, "version": old.version + 1} if old else {}),
            paper_kind=kind,
            title=" ".join(new.title.split())[:100],
            number="".join(new.number.split())[:40] or _number_of(document, kind),
            valid_from=since,
            valid_until=until,
            document_key=document.feed_key if document else "",
            holding=holding,
            path=kept.path,
            media_type=found.mime,
            size=kept.size,
            sha256=kept.sha256,
            by=by,
        )
        _tell(scope, made, old)
    return made


def _tell(scope: Scope, made: CustomerFile, old: CustomerFile | None) -> None:
    """The audit has the digest, so that it can be shown later what was uploaded; the number stands in the row only."""

    def told(row: CustomerFile) -> dict[str, Any]:
        return {"paper_kind": row.paper_kind, "valid_until": row.valid_until, "sha256": row.sha256}

    audit.record(
        "customer.replace_file" if old else "customer.add_file",
        by=scope,
        obj=made,
        customer_id=made.customer_id,
        before=told(old) if old else None,
        after=told(made),
    )


def _known_kind(paper_kind: str) -> str:
    if paper_kind not in PaperKind.values:
        raise ValidationError({"paper_kind": _("Choose one of the list.")})
    return paper_kind


def _document(customer: Customer, new: NewFile) -> IdentityDocument | None:
    if not new.document_key:
        return None
    found = customer.documents.filter(feed_key=new.document_key).first()
    if found is None:
        raise ValidationError({"belongs_to": _("Choose one of the list.")})
    return found


def _number_of(document: IdentityDocument | None, paper_kind: str) -> str:
    """The document's number, where the paper's number is masked like it."""
    if document is None or document_class(document) != number_class(paper_kind):
        return ""
    return document.document_number


def _holding(scope: Scope, customer: Customer, new: NewFile) -> Holding | None:
    if new.holding_id is None:
        return None
    found = customer.holdings.filter(pk=new.holding_id).first()
    if found is None or not scope.may("customers.figures") or not subject_of(scope, customer).sees_unit(found.unit_no):
        raise ValidationError({"belongs_to": _("Choose one of the list.")})
    return found


def _checked(content: BinaryIO, size: int) -> media.MediaType:
    most = int(parameters.value(MAX_MB))
    if size > most * MEGABYTE:
        said = _("The file has %(size)s MB; at most %(most)s MB are taken.")
        told = {"size": f"{size / MEGABYTE:.1f}", "most": most}
        raise ValidationError({"content": ValidationError(said, code="too_large", params=told)})
    try:
        return media.media_type(content)
    except media.MediaError as error:
        raise ValidationError({"content": ValidationError(REFUSED[error.code], code=error.code)}) from None


def _new_to_us(customer: Customer, paper_kind: str, content: BinaryIO) -> None:
    digest = attachments.sha256_of(content)
    in_force = customer.files.filter(replaced_at=None, removed_at=None, paper_kind=paper_kind, sha256=digest)
    if in_force.exists():
        raise ValidationError({"content": ValidationError(_("This very file is kept already."), code="known")})


class _stored:  # noqa: N801 - reads as a word
    """`attachments.kept`, whose full disk becomes a sentence for people."""

    def __init__(self, content: BinaryIO) -> None:
        self.kept = attachments.kept(content)

    def __enter__(self) -> attachments.Attachment:
        try:
            return self.kept.__enter__()
        except OSError:
            log.exception("a customer's file could not be stored")
            said = _("The file could not be stored; nothing was changed. Tell your IT that the disk may be full.")
            raise ValidationError({"content": ValidationError(said, code="not_stored")}) from None

    def __exit__(self, *about: Any) -> bool | None:
        return self.kept.__exit__(*about)
