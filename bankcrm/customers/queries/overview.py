"""What the first tab shows: structure by class, what falls due, what happened last."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.customers import codes, rules
from bankcrm.customers.fields import label_of
from bankcrm.customers.models import Interaction, Task
from bankcrm.customers.queries.credit import facilities_due
from bankcrm.customers.queries.figures import ask_trend_ahead, moment
from bankcrm.customers.queries.header import Header, document_class
from bankcrm.customers.queries.lake import Availability, Row, ask, ask_ahead
from bankcrm.customers.queries.subject import Subject
from bankcrm.org.models import local_name
from bankcrm.org.queries import lake_unit_ids

ACTIVITIES = 8
DUE_SHOWN = 8

Label = str | Promise


@dataclass(frozen=True)
class ClassLine:
    """One product class: how many holdings, their balance, the month's average and the change since the year began."""

    product_class: str
    label: Label
    figure_class: str
    holding_count: int
    balance: Decimal
    average: Decimal
    year_start: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        """Fraction against the start of the year."""
        return rules.change_share(self.balance, self.year_start)


@dataclass(frozen=True)
class Structure:
    """Assets and liabilities by class; `whole`: of all units."""

    state: Availability
    whole: bool
    lines: tuple[ClassLine, ...] = ()


@dataclass(frozen=True)
class DueItem:
    """Something ahead. `amount` is in `currency`; `is_late`: the day has passed."""

    on: date
    kind: str
    label: Label
    detail: str = ""
    amount: Decimal | None = None
    currency: str = ""
    holding_id: int | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Activity:
    """Something that happened."""

    at: datetime
    kind: str
    label: Label
    detail: str
    who: str


@dataclass(frozen=True)
class Overview:
    """The first tab."""

    structure: Structure
    due: tuple[DueItem, ...]
    due_count: int
    activities: tuple[Activity, ...]


def overview(head: Header) -> Overview:
    """The first tab of the customer whose head this is. Two queries, and one of the lake."""
    subject = head.subject
    happenings = _happenings(subject)
    due = _due(head, happenings)
    return Overview(
        structure=structure(subject, head.moment.month),
        due=tuple(due[:DUE_SHOWN]),
        due_count=len(due),
        activities=_activities(subject, happenings),
    )


def structure(subject: Subject, month: str) -> Structure:
    """Balances by product class at the end of a month; without sight of the whole, of the own units."""
    if not subject.scope.may("customers.figures"):
        return Structure(Availability.DENIED, whole=False)
    question = _structure_question(subject, month)
    units, answer = question["unit_ids"], ask("structure", question)
    lines = sorted((_class_line(row) for row in answer.rows), key=_class_order)
    return Structure(answer.state, whole=units is None, lines=tuple(lines))


def ask_ahead_of_overview(subject: Subject, month: str) -> None:
    """Has the lake work on both of the first tab's questions while the database is read."""
    ask_trend_ahead(subject)
    if subject.scope.may("customers.figures"):
        ask_ahead("structure", _structure_question(subject, moment(month).month))


def _structure_question(subject: Subject, month: str) -> dict[str, Any]:
    units = None if subject.sees_totals else lake_unit_ids(subject.scope)
    year_start = f"{int(month[:4]) - 1}-12"
    return {"customer_id": subject.customer.pk, "month": month, "year_start": year_start, "unit_ids": units}


def _class_line(row: Row) -> ClassLine:
    return ClassLine(
        product_class=row["product_class"],
        label=class_label(row["product_class"]),
        figure_class=row["figure_class"],
        holding_count=row["holding_count"],
        balance=row["balance"],
        average=row["balance_average"],
        year_start=row.get("balance_year_start"),
    )


def class_label(product_class: str) -> Label:
    """The name of a product class; one that is new to us keeps its code."""
    return dict(codes.ProductClass.choices).get(product_class, product_class)


def _class_order(line: Any) -> tuple[int, int]:
    figures, products = codes.FigureClass.values, codes.ProductClass.values
    return (
        figures.index(line.figure_class) if line.figure_class in figures else len(figures),
        products.index(line.product_class) if line.product_class in products else len(products),
    )


@dataclass(frozen=True)
class Happening:
    """A row of what happens about a customer: a contact, a correction, a task done (`closed`) or to do (`open`)."""

    what: str
    at: datetime
    code: str
    title: str
    note: str
    who: str


def _happenings(subject: Subject) -> list[Happening]:
    """The latest contacts, corrections and closed tasks, and the nearest open tasks: one query."""
    customer = subject.customer
    overrides = _columns(customer.overrides.order_by("-at"), "override", "at", "field", "", "", "by")
    parts = [overrides[:ACTIVITIES]]
    if subject.scope.may("customers.interactions.view"):
        logged = _columns(
            customer.interactions.order_by("-happened_at"), "contact", "happened_at", "kind", "subject", "", "by"
        )
        closed = _columns(
            customer.tasks.filter(status=Task.Status.DONE).order_by("-closed_at"),
            "closed", "closed_at", "status", "title", "outcome", "assignee",
        )  # fmt: skip
        opened = _columns(
            customer.tasks.filter(status=Task.Status.OPEN).order_by("due_at"),
            "open", "due_at", "status", "title", "", "assignee",
        )  # fmt: skip
        parts += [logged[:ACTIVITIES], closed[:ACTIVITIES], opened[:DUE_SHOWN]]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return [
        Happening(what, at, code, title, note, local_name(name, name_en))
        for what, at, code, title, note, name, name_en in rows
    ]


def _columns(
    rows: QuerySet[Any], what: str, at: str, code: str, title: str, note: str, user: str
) -> QuerySet[Any, tuple[Any, ...]]:
    """The same columns of different tables, so that they can be one answer. Empty names stand for no column."""
    text = TextField()
    named = {
        "x_what": Value(what, output_field=text),
        "x_at": F(at),
        "x_code": Cast(F(code), text),
        "x_title": Cast(F(title), text) if title else Value("", output_field=text),
        "x_note": Cast(F(note), text) if note else Value("", output_field=text),
        "x_name": Cast(F(f"{user}__name"), text),
        "x_name_en": Cast(F(f"{user}__name_en"), text),
    }
    found: QuerySet[Any, tuple[Any, ...]] = rows.annotate(**named).values_list(*named)
    return found


def _due(head: Header, happenings: list[Happening]) -> list[DueItem]:
    today = dates.today()
    found = [*_maturities(head), *_papers(head, today), *_birthday(head.subject, today), *_open_tasks(happenings)]
    found += _facilities(head.subject, today)
    return sorted(found, key=lambda item: (item.on, item.kind))


def _maturities(head: Header) -> list[DueItem]:
    may = head.subject.scope.may("customers.figures")
    return [
        DueItem(
            on=row.matures_on,
            kind="maturity",
            label=_("%(what)s matures")
            % {"what": row.product.label if row.product else row.get_product_class_display()},
            amount=row.balance if may else None,
            currency=row.currency,
            holding_id=row.pk,
        )
        for row in head.holdings
        if row.matures_on and head.subject.sees_unit(row.unit_no)
    ]


def _papers(head: Header, today: date) -> list[DueItem]:
    """Documents that end soon or have ended, one line for each even where several sources name it."""
    ending = {
        (paper.document_type, paper.document_number): paper
        for paper in head.documents
        if paper.expires_on
        and (paper.expires_on < today or rules.falls_within(paper.expires_on, today, rules.DUE_DAYS))
    }
    return [
        DueItem(
            on=paper.expires_on,
            kind="document",
            label=_("%(what)s expires") % {"what": paper.get_document_type_display()},
            detail=head.subject.show(document_class(paper), paper.document_number),
            is_late=paper.expires_on < today,
        )
        for paper in ending.values()
        if paper.expires_on
    ]


def _facilities(subject: Subject, today: date) -> list[DueItem]:
    may = subject.scope.may("customers.figures")
    if not getattr(subject.customer, "has_facilities", True):
        return []
    return [
        DueItem(
            on=row.to_on,
            kind="facility",
            label=_("%(what)s facility ends") % {"what": row.get_facility_kind_display()},
            detail=row.facility_number,
            amount=row.limit_amount if may else None,
            currency=row.currency,
        )
        for row in facilities_due(subject, today)
        if row.to_on
    ]


def _birthday(subject: Subject, today: date) -> list[DueItem]:
    person = subject.person
    if person is None or person.birth_on is None or not subject.clearance.is_plain("birth"):
        return []
    day = rules.next_birthday(person.birth_on, today)
    if not rules.falls_within(day, today, rules.DUE_DAYS):
        return []
    return [
        DueItem(on=day, kind="birthday", label=_("Birthday: %(age)d") % {"age": rules.age_on(person.birth_on, day)})
    ]


def _open_tasks(happenings: list[Happening]) -> list[DueItem]:
    now = dates.now()
    return [
        DueItem(
            on=row.at.astimezone(dates.zone()).date(),
            kind="task",
            label=row.title,
            detail=row.who,
            is_late=row.at < now,
        )
        for row in happenings
        if row.what == "open"
    ]


def _activities(subject: Subject, happenings: list[Happening]) -> tuple[Activity, ...]:
    kinds = dict(Interaction.Kind.choices)
    found = []
    for row in happenings:
        if row.what == "contact":
            found.append(Activity(row.at, row.code, kinds.get(row.code, row.code), row.title, row.who))
        elif row.what == "closed":
            found.append(Activity(row.at, "task", _("Task done"), f"{row.title} · {row.note}", row.who))
        elif row.what == "override":
            field = str(label_of(subject.customer.kind, row.code))
            found.append(Activity(row.at, "edit", _("Corrected"), field, row.who))
    return tuple(sorted(found, key=lambda item: item.at, reverse=True)[:ACTIVITIES])
