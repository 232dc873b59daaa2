"""Doing something to many customers: what it is comes from the app that registered the action."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, jobs
from bankcrm.core.extensions import ListAction
from bankcrm.core.models import Job
from bankcrm.core.scope import Scope

KIND = "customers.bulk"
AT_ONCE = 500
"""Up to so many customers are done while the page waits."""


@transaction.atomic
def apply_action(*, by: Scope, scope: Scope, action: ListAction, value: str, ids: Sequence[int]) -> Mapping[str, int]:
    """Does it now, and records once what came of it.

    Raises PermissionDenied, and ValidationError for a value that is not on offer.
    """
    _check(scope, action, value)
    counts = dict.fromkeys(action.counts, 0)
    for start in range(0, len(ids), AT_ONCE):
        for name, number in action.apply(by=scope, value=value, ids=ids[start : start + AT_ONCE]).items():
            counts[name] += number
    record(by, action, value, counts, query="", selected=len(ids))
    return counts


@transaction.atomic
def order_action(*, by: Scope, scope: Scope, action: ListAction, value: str, list_code: str, query: str) -> Job:
    """Orders it for all of a filter, as a job. Errors as for `apply_action`."""
    _check(scope, action, value)
    arguments = {"code": action.code, "value": value, "list_code": list_code, "query": query}
    return jobs.enqueue(KIND, by=by, label=str(action.label), arguments=arguments)


def record(
    by: Scope, action: ListAction, value: str, counts: Mapping[str, int], *, query: str, selected: int = 0
) -> None:
    """One event for all of them: what was done, to which filter, and what came of it."""
    detail = {"action": action.code, "value": value, "query": query, "selected": selected}
    audit.record("customers.bulk", by=by, object_type="customers.customer", after=dict(counts), detail=detail)


def _check(scope: Scope, action: ListAction, value: str) -> None:
    if action.permission:
        scope.require(action.permission)
    if value not in {code for code, _label in action.choices(scope)}:
        raise ValidationError(_("Choose one of the list."))
