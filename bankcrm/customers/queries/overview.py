"""What the first tab shows: structure by class, what falls due, what happened last, and where the money is booked."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.customers import codes, rules
from bankcrm.customers.fields import label_of
from bankcrm.customers.models import FieldOverride, Interaction, Task
from bankcrm.customers.queries.figures import unit_figures
from bankcrm.customers.queries.header import Header, document_class
from bankcrm.customers.queries.lake import Availability, Row, ask
from bankcrm.customers.queries.subject import Subject

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
class UnitLine:
    """Current figures at one booking unit; without a name: all units that the reader does not see one by one."""

    name: str
    is_owning: bool
    deposit: Decimal
    aum: Decimal
    loan: Decimal


@dataclass(frozen=True)
class Overview:
    """The first tab."""

    structure: Structure
    due: tuple[DueItem, ...]
    due_count: int
    activities: tuple[Activity, ...]
    units: tuple[UnitLine, ...]


def overview(head: Header) -> Overview:
    """The first tab of the customer whose head this is. Three queries, one of the lake."""
    subject = head.subject
    tasks = _tasks(subject)
    due = _due(head, tasks)
    return Overview(
        structure=structure(subject, head.moment.month, is_current=head.moment.is_current),
        due=tuple(due[:DUE_SHOWN]),
        due_count=len(due),
        activities=_activities(subject, tasks),
        units=_units(subject),
    )


def structure(subject: Subject, month: str, *, is_current: bool) -> Structure:
    """Balances by product class at the end of a month. Without sight of the whole: only now, and of the own units."""
    if not subject.scope.may("customers.figures"):
        return Structure(Availability.DENIED, whole=False)
    if not subject.sees_totals:
        return _own_structure(subject) if is_current else Structure(Availability.DENIED, whole=False)
    answer = ask("structure", {"customer_id": subject.customer.pk, "month": month})
    lines = sorted((_class_line(row) for row in answer.rows), key=_class_order)
    return Structure(answer.state, whole=True, lines=tuple(lines))


def _class_line(row: Row) -> ClassLine:
    return ClassLine(
        product_class=row["product_class"],
        label=class_label(row["product_class"]),
        figure_class=row["figure_class"],
        holding_count=row["holding_count"],
        balance=row["balance_end"],
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


def _own_structure(subject: Subject) -> Structure:
    found: dict[str, ClassLine] = {}
    for row in subject.customer.holdings.exclude(status=codes.HoldingStatus.CLOSED):
        if not subject.sees_unit(row.unit_no):
            continue
        known = found.get(row.product_class)
        found[row.product_class] = ClassLine(
            row.product_class,
            row.get_product_class_display(),
            row.figure_class,
            (known.holding_count if known else 0) + 1,
            (known.balance if known else Decimal(0)) + row.balance_base,
            (known.average if known else Decimal(0)) + row.average_base,
        )
    lines = tuple(sorted(found.values(), key=_class_order))
    return Structure(Availability.READY if lines else Availability.NONE, whole=False, lines=lines)


def _tasks(subject: Subject) -> list[Task]:
    rows = subject.customer.tasks.select_related("assignee").exclude(status=Task.Status.CANCELLED)
    return list(rows.order_by("-due_at")[: ACTIVITIES * 2])


def _due(head: Header, tasks: list[Task]) -> list[DueItem]:
    today = dates.today()
    found = [*_maturities(head), *_papers(head, today), *_birthday(head.subject, today), *_open_tasks(tasks, today)]
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
    return [
        DueItem(
            on=paper.expires_on,
            kind="document",
            label=_("%(what)s expires") % {"what": paper.get_document_type_display()},
            detail=head.subject.show(document_class(paper), paper.document_number),
            is_late=paper.expires_on < today,
        )
        for paper in head.documents
        if paper.expires_on
        and (paper.expires_on < today or rules.falls_within(paper.expires_on, today, rules.DUE_DAYS))
    ]


def _birthday(subject: Subject, today: date) -> list[DueItem]:
    person = subject.person
    if person is None or person.birth_on is None:
        return []
    day = rules.next_birthday(person.birth_on, today)
    if not rules.falls_within(day, today, rules.DUE_DAYS):
        return []
    return [
        DueItem(on=day, kind="birthday", label=_("Birthday: %(age)d") % {"age": rules.age_on(person.birth_on, day)})
    ]


def _open_tasks(tasks: list[Task], today: date) -> list[DueItem]:
    return [
        DueItem(on=day, kind="task", label=task.title, detail=task.assignee.label, is_late=task.due_at < dates.now())
        for task in tasks
        if task.status == Task.Status.OPEN and (day := task.due_at.astimezone(dates.zone()).date())
    ]


def _activities(subject: Subject, tasks: list[Task]) -> tuple[Activity, ...]:
    found = [*_recent_overrides(subject)]
    if subject.scope.may("customers.interactions.view"):
        found += [*_recent_interactions(subject), *_done_tasks(tasks)]
    return tuple(sorted(found, key=lambda item: item.at, reverse=True)[:ACTIVITIES])


def _recent_interactions(subject: Subject) -> list[Activity]:
    rows: list[Interaction] = list(
        subject.customer.interactions.select_related("by").order_by("-happened_at")[:ACTIVITIES]
    )
    return [Activity(row.happened_at, row.kind, row.get_kind_display(), row.subject, row.by.label) for row in rows]


def _done_tasks(tasks: list[Task]) -> list[Activity]:
    return [
        Activity(task.closed_at, "task", _("Task done"), f"{task.title} · {task.outcome}", task.assignee.label)
        for task in tasks
        if task.status == Task.Status.DONE and task.closed_at
    ]


def _recent_overrides(subject: Subject) -> list[Activity]:
    rows: list[FieldOverride] = list(subject.customer.overrides.select_related("by").order_by("-at")[:ACTIVITIES])
    return [
        Activity(row.at, "edit", _("Corrected"), str(label_of(subject.customer.kind, row.field)), row.by.label)
        for row in rows
    ]


def _units(subject: Subject) -> tuple[UnitLine, ...]:
    """The current figures by booking unit; what is not seen one by one stands in one line, where totals are seen."""
    if not subject.scope.may("customers.figures"):
        return ()
    lines, owning = [], subject.customer.owning_unit_id
    seen = unit_figures(subject)
    for row in seen:
        lines.append(UnitLine(row.unit.label, row.unit_id == owning, row.deposit_end, row.aum_end, row.loan_end))
    whole = getattr(subject.customer, "figures", None)
    if whole is None or not subject.sees_totals or subject.sees_all_units:
        return tuple(lines)
    deposit = whole.deposit_end - sum((row.deposit_end for row in seen), Decimal(0))
    aum = whole.aum_end - sum((row.aum_end for row in seen), Decimal(0))
    loan = whole.loan_end - sum((row.loan_end for row in seen), Decimal(0))
    if deposit or aum or loan:
        lines.append(UnitLine("", False, deposit, aum, loan))
    return tuple(lines)
