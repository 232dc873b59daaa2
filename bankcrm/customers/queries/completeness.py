"""How complete the information on a customer is, and the list of what is to be mended, each line with where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, parameters
from bankcrm.core.extensions import Label, RepairLine, repair_sources
from bankcrm.core.masking import Right
from bankcrm.core.scope import Scope
from bankcrm.customers import rules
from bankcrm.customers.fields import field_named
from bankcrm.customers.models import Customer, IdentityDocument
from bankcrm.customers.paper_codes import PaperState
from bankcrm.customers.paper_parameters import ADDRESS, DOCUMENT, EXPIRING_DAYS, PHONE, REPRESENTATIVE
from bankcrm.customers.queries import gaps
from bankcrm.customers.queries.gaps import Gap
from bankcrm.customers.queries.papers import Papers, document_label
from bankcrm.customers.queries.subject import Subject


@dataclass(frozen=True)
class Completeness:
    """The share of what matters that is known, 0 to 100, and what is to be mended."""

    percent: int
    lines: tuple[RepairLine, ...]


@dataclass(frozen=True)
class Glance:
    """The same in short: the names of what is missing, what weighs most first."""

    percent: int
    missing: tuple[Label, ...]


def glance(customer: Customer) -> Glance:
    """Of a customer that was read through the scope. One query."""
    found = gaps.today_gaps([customer.kind])
    row = gaps.read([customer.pk], found)[customer.pk]
    return Glance(gaps.percent(row, found), tuple(gap.label for gap in gaps.lacking(row, found)))


def completeness(subject: Subject, papers: Papers, documents: Sequence[IdentityDocument]) -> Completeness:
    """The percentage with the repair list. One query, and those of the sources that other apps bring."""
    scope, customer = subject.scope, subject.customer
    found = gaps.today_gaps([customer.kind])
    row = gaps.read([customer.pk], found)[customer.pk]
    missing = [gap for gap in gaps.lacking(row, found) if not gap.paper]
    lines = [_gap_line(subject, gap, has_documents=bool(documents)) for gap in missing]
    lines += _paper_lines(scope, customer, papers)
    if not any(gap.item == DOCUMENT for gap in missing):
        lines += _ending_documents(subject, documents)
    for source in repair_sources.visible(scope):
        lines += source.lines(scope, customer)
    return Completeness(gaps.percent(row, found), tuple(lines))


ADDING = {
    DOCUMENT: ("customers:new-document", {}, _("Add an identity document")),
    PHONE: ("customers:new-contact-point", {"contact_type": "mobile"}, _("Add a contact point")),
    ADDRESS: ("customers:new-contact-point", {"contact_type": "address"}, _("Add a contact point")),
    REPRESENTATIVE: ("customers:new-relation", {"relation_type": "legal_representative"}, _("Add a relation")),
}


def _gap_line(subject: Subject, gap: Gap, *, has_documents: bool) -> RepairLine:
    scope, customer = subject.scope, subject.customer
    is_expired = gap.item == DOCUMENT and has_documents
    state = PaperState.EXPIRED.label if is_expired else PaperState.MISSING.label
    may_edit = scope.may("customers.edit")
    if gap.item in ADDING:
        name, query, do = ADDING[gap.item]
        url = _url(name, customer, query=query) if may_edit else ""
        return RepairLine(state, gap.label, url, do, is_panel=True)
    url = _url("customers:field", customer, gap.item)
    field = field_named(customer.kind, gap.item)
    if not field.is_maintainable:
        note = _("comes from the source systems only")
        return RepairLine(state, gap.label, url, _("Sources"), is_panel=True, note=note)
    is_editable = subject.clearance.right(field.mask) is Right.EDITABLE
    return RepairLine(state, gap.label, url if is_editable else "", _("Correct"), is_panel=True)


def _paper_lines(scope: Scope, customer: Customer, papers: Papers) -> Iterable[RepairLine]:
    may_edit = scope.may("customers.files.edit")
    for line in papers.checklist:
        if not line.is_open:
            continue
        if line.file is not None:
            url, do = _url("customers:replace-file", customer, line.file.row.pk), _("Replace")
        else:
            url, do = _url("customers:new-file", customer, query={"paper_kind": line.code}), _("Upload")
        until = line.file.row.valid_until if line.file else None
        note = f"{until:%Y-%m-%d}" if until else ""
        yield RepairLine(line.state.label, line.label, url if may_edit else "", do, True, note, line.tone)


def _ending_documents(subject: Subject, documents: Iterable[IdentityDocument]) -> Iterable[RepairLine]:
    """Documents over or nearly so, unless another of the same type runs longer."""
    on, days = dates.today(), int(parameters.value(EXPIRING_DAYS))
    latest: dict[str, IdentityDocument] = {}
    for row in documents:
        known = latest.get(row.document_type)
        if known is None or (known.expires_on and (row.expires_on is None or row.expires_on > known.expires_on)):
            latest[row.document_type] = row
    for row in latest.values():
        is_over = rules.is_expired(row.expires_on, on)
        if not is_over and not rules.falls_within(row.expires_on, on, days):
            continue
        state = PaperState.EXPIRED if is_over else PaperState.EXPIRING
        url = _url("customers:new-document", subject.customer) if subject.scope.may("customers.edit") else ""
        note, tone = f"{row.expires_on:%Y-%m-%d}", "watch" if is_over else "key"
        do = _("Add an identity document")
        yield RepairLine(state.label, document_label(subject, row), url, do, True, note, tone)


def _url(name: str, customer: Customer, *more: object, query: dict[str, str] | None = None) -> str:
    path = reverse(name, args=[customer.number, *more])
    return f"{path}?{urlencode(query)}" if query else path
