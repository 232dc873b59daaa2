"""The list of customers: its filter, its sorts, a page of it, its count and its totals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, parameters, row_security
from bankcrm.core.money import from_fen
from bankcrm.core.scope import Scope, range_q
from bankcrm.core.ui.paging import (
    CappedCount,
    Halves,
    Order,
    Page,
    Part,
    Plain,
    capped_count,
    page_of,
    parse_day,
    parse_text,
    parse_whole,
)
from bankcrm.customers.models import Coverage, Customer, CustomerUnitFigures, Holding
from bankcrm.customers.parameters import BOOKED_ELSEWHERE, FULL, HIDDEN
from bankcrm.customers.querysets import FEW
from bankcrm.org.clearance import may_see_plain

IDS_ONLY = "ids, counts and sums of rows within the scope: under a policy PostgreSQL would not use their indexes"
MONEY_FIGURES = ("aum_end", "aum_average", "deposit_end", "deposit_average", "loan_end", "loan_average")
FIGURES = (*MONEY_FIGURES, "product_count", "holding_count")


@dataclass(frozen=True, slots=True)
class Sort:
    """A column by which the list is sorted. `path` is where its value stands, seen from a customer."""

    code: str
    label: Promise
    path: str
    parse: Callable[[Any], Any]
    nullable: bool = False
    is_figure: bool = False
    is_name: bool = False
    descends_first: bool = True

    def order(self, *, is_descending: bool) -> Order:
        """The order for paging. Figures take the id from their own table, where the index has it."""
        pk_field = "figures__customer_id" if self.is_figure else "pk"
        return Order(self.path, self.parse, is_descending, self.nullable, pk_field)

    @property
    def unit_field(self) -> str:
        """Where the sort's index has the owning unit's number."""
        return "figures__unit_no" if self.is_figure else "unit_no"

    def value_of(self, row: Any) -> Plain:
        """The sort value of a row that has it under its path, as a token keeps it."""
        found: Any = getattr(row, self.path)
        return found.isoformat() if isinstance(found, date) else found


def _figure(code: str, label: Promise, path: str) -> Sort:
    return Sort(code, label, f"figures__{path}", parse_whole, nullable=True, is_figure=True)


# Each has its index in models/customer.py: these are the sorts that cost the same on page 1 and page 1,000.
SORTS: dict[str, Sort] = {
    sort.code: sort
    for sort in (
        Sort("name", _("Name"), "sort_key", parse_text, is_name=True, descends_first=False),
        Sort("number", _("Customer number"), "number", parse_text, descends_first=False),
        _figure("aum_end", _("AUM"), "aum_end_fen"),
        _figure("aum_average", _("AUM month average"), "aum_average_fen"),
        _figure("aum_change", _("AUM against last month"), "aum_change_fen"),
        _figure("deposit_end", _("Deposits"), "deposit_end_fen"),
        _figure("deposit_average", _("Deposit month average"), "deposit_average_fen"),
        _figure("loan_end", _("Loans"), "loan_end_fen"),
        _figure("product_count", _("Products held"), "product_count"),
        Sort("since_on", _("Customer since"), "since_on", parse_day, nullable=True),
        Sort("last_contact_on", _("Last contact"), "last_contact_on", parse_day, nullable=True, descends_first=False),
    )
}
DEFAULT_SORT = "aum_average"


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader of a list may see in it."""

    figures: bool  # balances at all
    totals: bool  # also what other units book
    names: bool  # persons' names in plain

    @classmethod
    def of(cls, scope: Scope) -> "Rights":
        """The rights of a scope. Where names are masked, nothing may be told by name: neither sorted nor found."""
        elsewhere = scope.is_bank or scope.may("customers.whole_bank") or parameters.value(BOOKED_ELSEWHERE) != HIDDEN
        return cls(scope.may("customers.figures"), bool(elsewhere), may_see_plain(scope, "person_name", "in_scope"))

    def allows(self, sort: Sort) -> bool:
        """Whether the list may be sorted that way: an order tells what the cells hide."""
        return not (sort.is_figure and not (self.figures and self.totals)) and not (sort.is_name and not self.names)


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of a filter: `text` is what its chip says, `params` the parameters that its × takes away."""

    code: str
    label: str
    text: str
    params: tuple[str, ...]
    q: Q


def customers(scope: Scope, conditions: Sequence[Condition] = (), *, mine: bool = False) -> QuerySet[Customer]:
    """The customers that the scope sees and that meet all conditions; `mine`: that the reader looks after today."""
    rows = Customer.objects.within(scope)
    if mine:
        ids = _few_covered_ids(scope.user_id)
        rows = rows.of_ids(ids) if ids is not None else rows.filter(covered_by(scope.user_id))
    for condition in conditions:
        rows = rows.filter(condition.q)
    return rows


def parts(
    scope: Scope, narrow: Callable[[QuerySet[Customer]], QuerySet[Customer]], *, mine: bool = False
) -> list[QuerySet[Customer]]:
    """The same customers as disjoint parts that a page or a count reads quickly; `narrow` puts the filter on each."""
    if mine:
        return [narrow(customers(scope, mine=True))]
    return [narrow(part) for part in Customer.objects.all().parts_within(scope)]


def sorted_parts(
    scope: Scope, sort: Sort, narrow: Callable[[QuerySet[Customer]], QuerySet[Customer]], *, mine: bool = False
) -> list[Part[Customer]]:
    """The same parts for a page in that order: who is owned in scope is asked of the table with the sort's index."""
    plain = parts(scope, narrow, mine=mine)
    if mine or scope.is_bank or not scope.ranges or not sort.is_figure:
        return [*plain]
    beside = Customer.objects.all().parts_within(scope, unit_field=sort.unit_field)
    return [Halves(valued=narrow(beside[0]), empty=plain[0]), *plain[1:]]


def covered_by(user_id: int | None) -> Q:
    """Customers in whom the user has a share today, named one by one where they are few."""
    ids = _few_covered_ids(user_id)
    return Q(pk__in=_covered_ids(user_id) if ids is None else ids)


def _few_covered_ids(user_id: int | None) -> list[int] | None:
    ids = set(_covered_ids(user_id).values_list("customer_id", flat=True)[: FEW + 1])
    return sorted(ids) if len(ids) <= FEW else None


def _covered_ids(user_id: int | None) -> QuerySet[Coverage, Any]:
    shares = Coverage.objects.scoped_already(because="joined to customers that are read within a scope")
    return shares.filter(user_id=user_id or 0, valid__contains=dates.today()).values("customer_id")


def sees_elsewhere(scope: Scope) -> bool:
    """Whether the reader may know single holdings that units outside the scope book."""
    return scope.is_bank or scope.may("customers.whole_bank") or parameters.value(BOOKED_ELSEWHERE) == FULL


def holding_q(scope: Scope, **wanted: Any) -> Q:
    """Customers with an open holding that looks like this, as far as the reader sees holdings one by one."""
    rows = Holding.objects.scoped_already(because="joined to customers that are read within a scope")
    rows = rows.exclude(status="closed").filter(**wanted)
    if not sees_elsewhere(scope):
        rows = rows.filter(range_q("unit_no", scope.ranges) | Q(customer_id__in=_covered_ids(scope.user_id)))
    return Q(pk__in=rows.values("customer_id"))


def page(
    parts: Sequence[Part[Customer]],
    sort: Sort,
    *,
    is_descending: bool,
    token: str,
    size: int,
    beside: Callable[[], object] | None = None,
) -> Page[Customer]:
    """A page of the list with what its columns show.

    First the ids, by a narrow query for each part (two where rows without a value begin), which the sort's index
    answers; then the rows of the page whole. To put whole rows in order, PostgreSQL read all of a manager's customers.
    `beside` counts what the page shows besides, so that going beyond the wall and back is paid once.
    """
    narrow = [
        Halves(_keys(part.valued, sort), _keys(part.empty, sort)) if isinstance(part, Halves) else _keys(part, sort)
        for part in parts
    ]
    order = sort.order(is_descending=is_descending)
    with row_security.beyond(because=IDS_ONLY):
        keys = page_of(narrow, order, token=token, size=size, value_of=sort.value_of)
        if beside is not None:
            beside()
    return Page(_whole_rows([key.pk for key in keys.rows]), keys.next, keys.previous)


def _keys(rows: QuerySet[Customer], sort: Sort) -> QuerySet[Any]:
    """Rows of two fields: `pk`, and the sort's value under its path."""
    return cast("QuerySet[Any]", rows.values_list("pk", sort.path, named=True))


def _whole_rows(ids: list[int]) -> list[Customer]:
    """The rows of these ids in their order. One that has gone since is left out."""
    rows = Customer.objects.scoped_already(because="only ids that were read within a scope are asked for")
    known = {row.pk: row for row in rows.of_ids(ids).with_line().select_related("figures")} if ids else {}
    return [known[pk] for pk in ids if pk in known]


def count(parts: Sequence[QuerySet[Customer]]) -> CappedCount:
    """How many, up to the cap."""
    with row_security.beyond(because=IDS_ONLY):
        return capped_count(parts)


def own_ids(scope: Scope, ids: Sequence[int]) -> frozenset[int]:
    """Which of these customers the reader (or the reader's team) looks after today."""
    shares = Coverage.objects.scoped_already(because="only ids that were read within a scope are asked for")
    found = shares.filter(
        customer_id__in=ids, user_id__in=scope.coverage_user_ids, valid__contains=dates.today()
    ).values_list("customer_id", flat=True)
    return frozenset(found)


def unit_figures(scope: Scope, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Figures of these customers at the units in scope only, for readers who may not see what others book."""
    rows = CustomerUnitFigures.objects.scoped_already(because="only ids that were read within a scope are asked for")
    rows = rows.filter(range_q("unit_no", scope.ranges), customer_id__in=ids)
    sums = {name: Sum(name) for name in (*FIGURES, "aum_average_last_month")}
    return {row["customer_id"]: dict(row) for row in rows.values("customer_id").annotate(**sums)}


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the whole filter, money in base currency."""

    customers: int
    figures: Mapping[str, Any]


def totals(scope: Scope, rows: QuerySet[Customer]) -> Totals:
    """Totals of the whole filter, not of the page. Money is summed in fen, which is exact and quick."""
    with row_security.beyond(because=IDS_ONLY):
        return _totals(scope, rows)


def _totals(scope: Scope, rows: QuerySet[Customer]) -> Totals:
    rights = Rights.of(scope)
    if not rights.figures:
        return Totals(rows.count(), {})
    if not rights.totals:
        return _unit_totals(scope, rows)
    sums: dict[str, Any] = {name: Sum(f"figures__{name}_fen") for name in MONEY_FIGURES}
    found = rows.order_by().aggregate(
        customers=Count("pk"),
        aum_change=Sum("figures__aum_change_fen"),
        holding_count=Sum("figures__holding_count"),
        **sums,
    )
    number = found.pop("customers")
    held = found.pop("holding_count") or 0
    money = {name: from_fen(fen or 0) for name, fen in found.items()}
    return Totals(number, {**money, "holding_count": held})


def _unit_totals(scope: Scope, rows: QuerySet[Customer]) -> Totals:
    figures = CustomerUnitFigures.objects.scoped_already(because="joined to customers that are read within a scope")
    figures = figures.filter(range_q("unit_no", scope.ranges), customer_id__in=rows.order_by().values("pk"))
    found = figures.aggregate(
        last=Sum("aum_average_last_month"), **{name: Sum(name) for name in (*MONEY_FIGURES, "holding_count")}
    )
    last = found.pop("last") or 0
    money = {name: value or 0 for name, value in found.items()}
    return Totals(rows.count(), {**money, "aum_change": money["aum_average"] - last})
