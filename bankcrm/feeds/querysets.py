"""Who sees which rows of the ledger: those of the booking units in the scope."""

from typing import Self, TypeVar

from django.db import models

from bankcrm.core.managers import ScopedQuerySet
from bankcrm.core.scope import Scope, unit_q

M = TypeVar("M", bound=models.Model)


class LedgerQuerySet(ScopedQuerySet[M]):
    """Rows of one booking unit each; those of no known unit belong to whoever sees the whole bank."""

    def _restrict(self, scope: Scope) -> Self:
        return self.filter(unit_q(scope, "unit__no"))


LedgerManager = models.Manager.from_queryset(LedgerQuerySet)
