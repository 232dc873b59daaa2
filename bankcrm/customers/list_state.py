"""What an address of the customers list asks for: filter, sort, columns, place; and the addresses of its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, extensions
from bankcrm.core.scope import Scope
from bankcrm.core.ui.figures import MoneyFormat
from bankcrm.core.ui.paging import CappedCount, Part
from bankcrm.customers import tables
from bankcrm.customers.filters import FilterForm, conditions
from bankcrm.customers.models import Customer, SavedView
from bankcrm.customers.queries import listing
from bankcrm.customers.queries.listing import Condition, Rights

ALL, MINE = "customers", "mine"
SIZES = (20, 50, 100)
NOT_FILTER = frozenset({"at", "sort", "size", "v", "mine", "u", "columns"})
Label = str | Promise


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A ready or saved view above the list."""

    label: Label
    url: str
    is_active: bool
    count: object = None
    view_id: int | None = None


class ListState:
    """One request for the list."""

    def __init__(self, params: QueryDict, *, scope: Scope, money: MoneyFormat, list_code: str) -> None:
        self.scope, self.money, self.list_code = scope, money, list_code
        self.params = _cleaned(params)
        self.token = self.params.get("at", "")
        size = self.params.get("size", "")
        self.size = int(size) if size in {str(one) for one in SIZES} else SIZES[0]
        self.rights = Rights.of(scope)
        self.sort_code, self.is_descending = tables.sort_of(self.params.get("sort", ""), self.rights)

    @property
    def sort(self) -> listing.Sort:
        """The sort in force."""
        return listing.SORTS[self.sort_code]

    @cached_property
    def form(self) -> FilterForm:
        """The filter as a form."""
        return FilterForm(self.params, scope=self.scope)

    @cached_property
    def conditions(self) -> list[Condition]:
        """The filter's conditions, without those of fields that other apps add."""
        if not self.params.keys() - NOT_FILTER:  # a form that nobody filled in costs as much as four queries
            return []
        return conditions(self.form, self.money)

    def narrow(self, rows: QuerySet[Customer]) -> QuerySet[Customer]:
        """The filter put on some customers."""
        for condition in self.conditions:
            rows = rows.filter(condition.q)
        for one in self.added_filters:
            rows = one.apply(self.scope, rows, self.value_of(one))
        return rows

    @cached_property
    def rows(self) -> QuerySet[Customer]:
        """All customers that meet the filter, for totals."""
        return self.narrow(listing.customers(self.scope, mine=self.list_code == MINE))

    @cached_property
    def parts(self) -> list[QuerySet[Customer]]:
        """The same, in parts that a count reads quickly."""
        return listing.parts(self.scope, self.narrow, mine=self.list_code == MINE)

    @cached_property
    def sorted_parts(self) -> list[Part[Customer]]:
        """The same, in parts that a page in the order in force reads quickly."""
        return listing.sorted_parts(self.scope, self.sort, self.narrow, mine=self.list_code == MINE)

    @cached_property
    def added_filters(self) -> list[extensions.FilterField]:
        """Filters of other apps that this address uses."""
        mine = [one for one in extensions.filter_fields.visible(self.scope) if one.page == tables.LIST]
        return [one for one in mine if self.params.get(one.code)]

    @cached_property
    def saved(self) -> list[SavedView]:
        """The user's views of this list; the one without a name holds the columns."""
        return list(SavedView.objects.filter(user_id=self.scope.user_id or 0, list_code=self.list_code))

    @cached_property
    def columns(self) -> list[tables.Column]:
        """The columns in force: the saved view's, else the user's choice, else the list's own."""
        wanted = next((view for view in self.saved if str(view.pk) == self.params.get("v")), None)
        wanted = wanted or next((view for view in self.saved if not view.name), None)
        return self.with_filters(tables.chosen(self.scope, wanted.columns if wanted else []))

    def with_filters(self, columns: list[tables.Column]) -> list[tables.Column]:
        """These columns, and beside the customer those that the filters in force bring along."""
        brought = [one.column(self.scope, self.value_of(one)) for one in self.added_filters if one.column]
        return [*columns[:1], *tables.added(column for column in brought if column), *columns[1:]]

    def value_of(self, added: extensions.FilterField) -> str:
        """What the address says of a filter of another app."""
        return str(self.params.get(added.code, ""))

    def notes(self) -> list[str]:
        """What the filters in force have to say about the list."""
        told = [one.note(self.scope, self.rows, self.value_of(one)) for one in self.added_filters if one.note]
        return [text for text in told if text]

    @cached_property
    def path(self) -> str:
        """The list's own address."""
        return reverse("customers:mine" if self.list_code == MINE else "customers:list")

    def query(self, *, without: Sequence[str] = (), **changes: str) -> str:
        """The address's parameters with some left out and some set; never the place, which belongs to one filter."""
        left_out = {"at", *without}
        kept = [(name, values) for name, values in self.params.lists() if name not in left_out | changes.keys()]
        return urlencode([*kept, *changes.items()], doseq=True)

    def url(self, *, without: Sequence[str] = (), **changes: str) -> str:
        """The list's address with some parameters left out and some set."""
        query = self.query(without=without, **changes)
        return f"{self.path}?{query}" if query else self.path

    @cached_property
    def piece_query(self) -> str:
        """What the pieces (totals, export, panels) need to speak of the same list."""
        return self.query(mine="1") if self.list_code == MINE else self.query()

    @cached_property
    def filter_query(self) -> str:
        """The filter alone: two addresses with the same filter are the same view."""
        return self.query(without=sorted(NOT_FILTER))

    def sort_url(self, code: str) -> str:
        """Sorts by the column; by the same again turns the order round."""
        is_same = code == self.sort_code
        descends = not self.is_descending if is_same else listing.SORTS[code].descends_first
        return self.url(sort=f"-{code}" if descends else code)

    def ready_views(self) -> list[ViewLink]:
        """The views that everybody has."""
        month = f"since_from={dates.today().replace(day=1).isoformat()}"
        if self.list_code == MINE:
            return [
                self._ready(_("All"), ""),
                self._ready(_("Maturing within 30 days"), "matures=30"),
                self._ready(_("Never contacted"), "never=on"),
            ]
        views = [self._ready(_("All"), "")]
        if self.unassigned is not None:
            views.append(self._ready(_("Unassigned"), "manager=none", self.unassigned))
        return [
            *views,
            self._ready(_("New this month"), month),
            self._ready(_("Maturing within 30 days"), "matures=30"),
        ]

    @cached_property
    def count(self) -> CappedCount:
        """How many meet the filter, up to the cap."""
        return listing.count(self.parts)

    def count_all(self) -> None:
        """Counts what a whole page shows: read while the list is beyond the wall for its ids anyway."""
        _counted = self.count, self.unassigned if self.list_code != MINE else None

    @cached_property
    def unassigned(self) -> CappedCount | None:
        """How many nobody looks after; None for who sees only customers of one's own."""
        if not self.scope.is_bank and not self.scope.ranges:
            return None
        return listing.count(listing.parts(self.scope, lambda rows: rows.filter(is_covered=False)))

    def _ready(self, label: Label, query: str, count: object = None) -> ViewLink:
        url = f"{self.path}?{query}" if query else self.path
        return ViewLink(label, url, self.filter_query == query and "v" not in self.params, count)

    def saved_views(self) -> list[ViewLink]:
        """The views that the user keeps."""
        found = []
        for view in self.saved:
            if view.name:
                query = f"v={view.pk}&{view.query}".rstrip("&")
                found.append(
                    ViewLink(view.name, f"{self.path}?{query}", self.params.get("v") == str(view.pk), None, view.pk)
                )
        return found


def _cleaned(params: QueryDict) -> QueryDict:
    """Without empty values: an address says only what it asks for."""
    kept = params.copy()
    for name in list(kept):
        values = [value for value in kept.getlist(name) if value.strip()]
        if values:
            kept.setlist(name, values)
        else:
            del kept[name]
    return kept
