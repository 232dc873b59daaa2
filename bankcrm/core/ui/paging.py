"""Keyset paging: a page begins after the last row of the one before, found through an index, so that page 1,000
costs what page 1 costs. No OFFSET, and no count beyond the cap.

A place is the pair (sort value, id) of a row. Rows without a value stand at the end, whichever way the list is sorted.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from json import dumps, loads
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, F, Func, IntegerField, Model, QuerySet, Value
from django.db.models.expressions import OrderBy

M = TypeVar("M", bound=Model)
Plain = str | int | None

COUNT_CAP = 10_000
_BIGINT = 2**63


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: the sort value and id of the row beside it, and which way to read."""

    value: Plain
    pk: int
    is_back: bool = False

    def token(self) -> str:
        """The place for an address. It is no secret: it holds what the page has shown."""
        return urlsafe_b64encode(dumps([self.value, self.pk, int(self.is_back)]).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, token: str) -> "Place | None":
        """The place of an address; None for a token that is none."""
        try:
            value, pk, back = loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        except (ValueError, TypeError):
            return None
        if not isinstance(value, str | int | None) or not isinstance(pk, int) or not 0 <= pk < _BIGINT:
            return None
        return cls(value, pk, bool(back))


class _Beyond(Func):
    """`(column, id) > (value, id)`: compared as a row, an index starts right at the place even among a million ties."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *expressions: Any, sign: str) -> None:
        super().__init__(*expressions)
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts, parameters = [], []
        for expression in self.get_source_expressions():
            sql, own = compiler.compile(expression)
            parts.append(sql)
            parameters.extend(own)
        return f"({parts[0]}, {parts[1]}) {self.sign} ({parts[2]}, {parts[3]})", parameters


def _unindexed(name: str) -> OrderBy:
    """The same order in words that no index has, for a few rows that are named by their ids.

    PostgreSQL would else walk the sort's index until it has met enough of them, which may be its whole length.
    """
    value = Func(F(name.removeprefix("-")), template="NULLIF(%(expressions)s, NULL)", output_field=IntegerField())
    return OrderBy(value, descending=name.startswith("-"))


def parse_text(value: Any) -> str:
    """A text of a token. Raises ValueError for anything else."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    return value


def parse_whole(value: Any) -> int:
    """A whole number of a token. Raises ValueError for anything else."""
    if not isinstance(value, int) or not -_BIGINT <= value < _BIGINT:
        raise ValueError(value)
    return value


def parse_day(value: Any) -> date:
    """A date of a token. Raises ValueError for anything else."""
    return date.fromisoformat(str(value))


@dataclass(frozen=True, slots=True)
class Halves(Generic[M]):
    """A part whose rows with a sort value and those without are found by conditions of their own, each by its index."""

    valued: "QuerySet[M]"
    empty: "QuerySet[M]"


Part = QuerySet[M] | Halves[M]


class Ascending(OrderBy):
    """Ascends as patterns are compared, character by character: the index that finds a prefix has this order, too.

    A plain ORDER BY asks for the database's collation, for which all that begin alike are sorted first.
    """

    template = "%(expression)s USING ~<~ /* ASC */"  # Django looks for the word

    def __init__(self, name: str) -> None:
        super().__init__(F(name))


@dataclass(frozen=True, slots=True)
class Order:
    """A sort: the path of its column, its direction, and how a token's value is read.

    `pk_field` is the id's path in the table of the sort column, so that one index serves both.
    """

    field: str
    parse: Callable[[Any], Any]
    is_descending: bool = False
    nullable: bool = False
    pk_field: str = "pk"

    def ordering(self, *, is_back: bool) -> list[str]:
        """Names for order_by; the id goes the same way, so that ties have an order and one index serves both."""
        minus = "-" if self.is_descending is not is_back else ""
        return [f"{minus}{self.field}", f"{minus}{self.pk_field}"]

    def read(
        self,
        parts: "Sequence[Part[M]]",
        place: Place | None,
        *,
        is_back: bool,
        size: int,
        value_of: "Callable[[M], Plain]",
    ) -> "list[M]":
        """At most `size` rows of all parts beyond the place. Raises ValueError for a place of another order."""
        found: list[M] = []
        halves = ([True, False] if is_back else [False, True]) if self.nullable else [False]
        if place is not None:
            if place.value is None and not self.nullable:
                raise ValueError(place)
            halves = halves[halves.index(place.value is None) :]
        for is_empty in halves:
            missing = size - len(found)
            if missing > 0:
                here = place if place is not None and (place.value is None) is is_empty else None
                rows = [
                    row
                    for part in parts
                    for row in self._half(part, here, is_empty=is_empty, is_back=is_back)[:missing]
                ]
                if len(parts) > 1:  # each came in order; together they are put in order here, as PostgreSQL would
                    rows.sort(
                        key=lambda row: (row.pk,) if is_empty else (value_of(row), row.pk),
                        reverse=self.is_descending is not is_back,
                    )
                found.extend(rows[:missing])
        return found

    def _half(self, part: "Part[M]", place: Place | None, *, is_empty: bool, is_back: bool) -> "QuerySet[M]":
        """Rows with a value, or those without, beyond the place, in reading order."""
        rows = part if isinstance(part, QuerySet) else part.empty if is_empty else part.valued
        if self.nullable:
            rows = rows.filter(**{f"{self.field}__isnull": is_empty})
        ascending = self.is_descending is is_back
        if is_empty:
            if place is not None:
                rows = rows.filter(**{f"pk__{'gt' if ascending else 'lt'}": place.pk})
            return self._ordered(rows, ["pk" if ascending else "-pk"])
        if place is not None:
            value = self.parse(place.value)
            border = (F(self.field), F(self.pk_field), Value(value), Value(place.pk))
            rows = rows.filter(_Beyond(*border, sign=">" if ascending else "<"))
        return self._ordered(rows, self.ordering(is_back=is_back))

    @staticmethod
    def _ordered(rows: "QuerySet[M]", names: list[str]) -> "QuerySet[M]":
        is_few = getattr(rows, "is_few", False)
        return rows.order_by(*((_unindexed(name) for name in names) if is_few else names))


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """One page of a list in reading order, with the tokens of its neighbours ("" where there is none)."""

    rows: Sequence[M]
    next: str = ""
    previous: str = ""


def page_of(
    parts: "Sequence[Part[M]]", order: Order, *, token: str, size: int, value_of: Callable[[M], Plain]
) -> "Page[M]":
    """The page that begins at the token. A token that does not fit the order gives the first page.

    `parts` are disjoint: each is read through its own best index, and they are shown as one list.
    """
    place = Place.read(token) if token else None
    try:
        found = order.read(parts, place, is_back=bool(place and place.is_back), size=size + 1, value_of=value_of)
    except (ValueError, TypeError):
        place = None
        found = order.read(parts, None, is_back=False, size=size + 1, value_of=value_of)
    has_more, found = len(found) > size, found[:size]
    if place is not None and place.is_back:
        if not has_more:  # back at the beginning: show the first page whole
            return page_of(parts, order, token="", size=size, value_of=value_of)
        found.reverse()
        return Page(found, next=_token(found[-1], value_of), previous=_token(found[0], value_of, is_back=True))
    following = _token(found[-1], value_of) if has_more else ""
    before = _token(found[0], value_of, is_back=True) if place is not None and found else ""
    return Page(found, next=following, previous=before)


def _token(row: M, value_of: Callable[[M], Plain], *, is_back: bool = False) -> str:
    return Place(value_of(row), row.pk, is_back).token()


@dataclass(frozen=True, slots=True)
class CappedCount:
    """A count that stops at the cap."""

    number: int
    is_capped: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}{'+' if self.is_capped else ''}"


def capped_count(parts: "Sequence[QuerySet[Any]]", cap: int = COUNT_CAP) -> CappedCount:
    """Counts disjoint parts no further than the cap: "10,000+" is all that a person needs to know."""
    number = 0
    for rows in parts:
        if number <= cap:
            number += rows.order_by().values("pk")[: cap + 1 - number].count()
    return CappedCount(min(number, cap), number > cap)
