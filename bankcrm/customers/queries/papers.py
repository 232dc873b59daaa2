"""The papers of a customer: the checklist with how each stands, identity documents, and the files."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from bankcrm.core import dates, media, parameters
from bankcrm.customers import codes
from bankcrm.customers.models import CustomerFile, IdentityDocument, PaperWaiver
from bankcrm.customers.paper_codes import PaperKind, PaperState, number_class
from bankcrm.customers.paper_parameters import EXPIRING_DAYS, checklist_of
from bankcrm.customers.paper_rules import EVERY, ends_last, paper_state
from bankcrm.customers.queries.header import document_class
from bankcrm.customers.queries.subject import Subject

Label = str | Promise
TONES = {
    PaperState.MISSING: "watch",
    PaperState.EXPIRED: "watch",
    PaperState.EXPIRING: "key",
    PaperState.WAIVED: "plain",
    PaperState.PRESENT: "ok",
}


@dataclass(frozen=True)
class FileLine:
    """A file as the reader may see it. `can_open`: whether this reader may have its content."""

    row: CustomerFile
    kind: Label
    number: str
    belongs_to: str
    type_label: str
    can_open: bool
    state: PaperState

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return TONES[self.state]


@dataclass(frozen=True)
class PaperLine:
    """A kind of paper that this customer must have, and how it stands. `asked_by`: classes that ask for it."""

    code: str
    label: Label
    asked_by: tuple[Label, ...]
    state: PaperState
    file: FileLine | None
    waiver: PaperWaiver | None

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return TONES[self.state]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.state in (PaperState.MISSING, PaperState.EXPIRED, PaperState.EXPIRING)


@dataclass(frozen=True)
class Papers:
    """What the tab shows of papers. `files` are in force; `past` were replaced or removed, the newest first."""

    checklist: tuple[PaperLine, ...]
    files: tuple[FileLine, ...]
    past: tuple[FileLine, ...]

    @property
    def done(self) -> int:
        """How many of the checklist need no work."""
        return sum(not line.is_open or line.state is PaperState.EXPIRING for line in self.checklist)


def may_open(subject: Subject, row: CustomerFile) -> bool:
    """Whether the reader may have a file's content: of all customers in scope, or of those one looks after.

    What was removed is for those who may open all.
    """
    if subject.scope.may("customers.files.open"):
        return True
    own = subject.scope.may("customers.files.open.own") and subject.relation == "own"
    return own and row.removed_at is None


def papers(subject: Subject, documents: Iterable[IdentityDocument]) -> Papers:
    """The checklist and all files. Three queries, of which one names who uploaded what."""
    on, days = dates.today(), int(parameters.value(EXPIRING_DAYS))
    rows = list(subject.customer.files.select_related("by", "removed_by", "holding__product").order_by("-at", "-pk"))
    keyed = {document.feed_key: document for document in documents}
    lines = [_file(subject, row, keyed, on, days) for row in rows]
    in_force = [line for line in lines if line.row.is_in_force]
    return Papers(
        _checklist(subject, in_force, on, days),
        tuple(sorted(in_force, key=lambda line: PaperKind.values.index(line.row.paper_kind))),
        tuple(line for line in lines if not line.row.is_in_force),
    )


def _file(subject: Subject, row: CustomerFile, documents: dict[str, IdentityDocument], on: date, days: int) -> FileLine:
    known = media.TYPES.get(row.media_type)
    return FileLine(
        row,
        row.get_paper_kind_display(),
        subject.show(number_class(row.paper_kind), row.number),
        _belongs_to(subject, row, documents),
        known.label if known else row.media_type,
        may_open(subject, row),
        PaperState(paper_state(is_there=True, until=row.valid_until, is_waived=False, on=on, days=days)),
    )


def _belongs_to(subject: Subject, row: CustomerFile, documents: dict[str, IdentityDocument]) -> str:
    document = documents.get(row.document_key)
    if document is not None:
        return document_label(subject, document)
    holding = row.holding
    if holding is None or not subject.scope.may("customers.figures") or not subject.sees_unit(holding.unit_no):
        return ""
    product = holding.product.label if holding.product else holding.get_product_class_display()
    return f"{product} {subject.show('account', holding.account_number)}".strip()


def document_label(subject: Subject, document: IdentityDocument) -> str:
    """An identity document in words, its number masked."""
    number = subject.show(document_class(document), document.document_number)
    return f"{document.get_document_type_display()} {number}"


def _checklist(subject: Subject, files: list[FileLine], on: date, days: int) -> tuple[PaperLine, ...]:
    rules, held = checklist_of(subject.customer.kind), _held(subject)
    waivers = {row.paper_kind: row for row in _waivers(subject, on)}
    lines = []
    for paper, classes in rules.items():
        if EVERY not in classes and not held.keys() & set(classes):
            continue
        of_kind = {line.row.pk: line for line in files if line.row.paper_kind == paper}
        best = ends_last({pk: line.row.valid_until for pk, line in of_kind.items()})
        file = of_kind[best] if best is not None else None
        until = file.row.valid_until if file else None
        state = paper_state(is_there=file is not None, until=until, is_waived=paper in waivers, on=on, days=days)
        asked_by = () if EVERY in classes else tuple(label for name, label in held.items() if name in classes and label)
        lines.append(PaperLine(paper, PaperKind(paper).label, asked_by, PaperState(state), file, waivers.get(paper)))
    return tuple(lines)


def _held(subject: Subject) -> dict[str, Label]:
    """The classes of what the customer holds, with their names; without one where this reader must not learn of it."""
    rows = subject.customer.holdings.exclude(status=codes.HoldingStatus.CLOSED)
    found: dict[str, Label] = {}
    for product_class, figure_class, unit_no in rows.values_list("product_class", "figure_class", "unit_no"):
        seen = subject.scope.may("customers.figures") and subject.sees_unit(unit_no)
        for name, choices in ((product_class, codes.ProductClass), (figure_class, codes.FigureClass)):
            label = dict(choices.choices).get(name, name) if seen else ""
            found[name] = found.get(name) or label
    return found


def _waivers(subject: Subject, on: date) -> list[PaperWaiver]:
    rows = subject.customer.paper_waivers.filter(ended_at=None).select_related("by")
    return [row for row in rows if row.until_on is None or row.until_on >= on]


def download_name(number: str, row: CustomerFile) -> str:
    """What a browser saves a file as: the customer's number and the kind of paper, nothing that anybody typed."""
    known = media.TYPES.get(row.media_type)
    return f"{number}-{row.paper_kind}-v{row.version}-{row.pk}.{known.extension if known else 'bin'}"
