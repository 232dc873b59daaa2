"""Managers of tables that not everybody may read.

A scoped model says `objects = ThingQuerySet.as_manager()`, its queryset class fills in `_restrict(scope)`, and a read
without `.within(scope)` or `.everything(because=...)` raises ScopeMissing instead of showing the whole bank.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Self, TypeVar

from django.db import models

from bankcrm.core import row_security
from bankcrm.core.scope import Scope, ScopeMissing

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that must be told who reads before it reads."""

    _is_scoped: bool = False
    _is_beyond: bool = False

    def within(self, scope: Scope) -> Self:
        """The rows that the scope sees."""
        restricted: Self = self._restrict(scope)
        restricted._is_scoped, restricted._is_beyond = True, False
        return restricted

    def everything(self, *, because: str) -> Self:
        """All rows. `because` says to the next reader why no scope applies here (a load, a uniqueness check …).

        Reads through the database's own wall too (`core.row_security`), which takes two statements more.
        """
        clone = self.scoped_already(because=because)
        clone._is_beyond = True
        return clone

    def scoped_already(self, *, because: str) -> Self:
        """The rows as they are, since what narrows them was read within a scope. The database's wall stays up."""
        if not because:
            raise ValueError("reading without a scope needs a reason")
        clone = self.all()
        clone._is_scoped, clone._is_beyond = True, False
        return clone

    def _restrict(self, scope: Scope) -> Self:
        raise NotImplementedError(f"{type(self).__name__} does not say what a scope sees")

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._is_scoped, clone._is_beyond = self._is_scoped, self._is_beyond
        return clone

    def _passing(self) -> AbstractContextManager[None]:
        """What the statement runs in: the way through the database's wall for rows that mean the whole bank."""
        return row_security.beyond(because="said by everything()") if self._is_beyond else nullcontext()

    def _is_reached_from(self, instance: models.Model) -> bool:
        """Whether the rows are reached from an object at hand that is as visible as they are.

        Django passes that object along when it follows a relation; reading a row anew starts from the row itself.
        """
        return isinstance(instance, self.model)

    def _check_scope(self) -> None:
        if not self._is_scoped:
            start = self._hints.get("instance")  # type: ignore[attr-defined]
            if start is not None and self._is_reached_from(start):
                return
            raise ScopeMissing(
                f"{self.model.__name__} was read without a scope: say .within(scope), "
                "or .everything(because=…) where nobody's scope applies"
            )

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._check_scope()
            with self._passing():
                super()._fetch_all()
            return
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Rows one after the other."""
        self._check_scope()
        if self._is_beyond and row_security.standing():
            return iter(list(self))  # nothing else may run in between as that role
        return super().iterator(chunk_size)

    def count(self) -> int:
        """Number of rows."""
        self._check_scope()
        with self._passing():
            return super().count()

    def exists(self) -> bool:
        """Whether there is a row."""
        self._check_scope()
        with self._passing():
            return super().exists()

    def contains(self, obj: models.Model) -> bool:
        """Whether the row is among them."""
        self._check_scope()
        with self._passing():
            return super().contains(obj)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Figures over the rows."""
        self._check_scope()
        with self._passing():
            return super().aggregate(*args, **kwargs)

    def raw(self, *args: Any, **kwargs: Any) -> "models.query.RawQuerySet[Any]":
        """SQL by hand: nobody restricts it, so it needs a reason like `everything`."""
        self._check_scope()
        return super().raw(*args, **kwargs)

    def explain(self, *, format: Any | None = None, **options: Any) -> str:
        """The database's plan."""
        self._check_scope()
        with self._passing():
            return super().explain(format=format, **options)

    def update(self, **kwargs: Any) -> int:
        """Changes the rows."""
        self._check_scope()
        with self._passing():
            return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Removes the rows."""
        self._check_scope()
        with self._passing():
            return super().delete()

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Saves the named fields of rows that were read through a scope before."""
        rows = self.scoped_already(because="the rows were read through a scope")
        return super(ScopedQuerySet, rows).bulk_update(objs, fields, batch_size)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Used inside another query: what that one shows depends on these rows as well."""
        self._check_scope()
        return super().resolve_expression(*args, **kwargs)

    def _merge_sanity_check(self, other: models.QuerySet[Any]) -> None:
        if isinstance(other, ScopedQuerySet):
            other._check_scope()
        super()._merge_sanity_check(other)  # type: ignore[misc]

    def _combinator_query(self, combinator: str, *other_qs: Any, all: bool = False) -> Any:
        for other in other_qs:
            if isinstance(other, ScopedQuerySet):
                other._check_scope()
        return super()._combinator_query(combinator, *other_qs, all=all)  # type: ignore[misc]
