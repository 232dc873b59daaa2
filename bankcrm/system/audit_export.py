"""What a file of the audit is asked for as: how many events, until when, and in which words.

The words go to two readers: whoever made the file, and the second person who agrees to a large one. The latter need not
read the audit. Whom a filter looks for is then counted and not told: it may be them, their unit or a customer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bankcrm.core import audit_words, dates
from bankcrm.core.audit_words import SEES_CUSTOMERS
from bankcrm.core.exporting.approving import ListWords, column_words
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import capped_count
from bankcrm.core.wording import clauses, listed
from bankcrm.org.queries import visible_units
from bankcrm.system import audit_queries
from bankcrm.system.audit_forms import AuditForm
from bankcrm.system.audit_queries import VIEW, Unknown, Wanted

LIST = "system.audit"
MOST_ROWS = 50_000
PERIOD = ("since", "until")
FIELDS = tuple(name for name in AuditForm.base_fields if name not in PERIOD)


def count(scope: Scope, wanted: Wanted) -> int:
    """How many events a file holds: no more than its most. Raises Unknown as the list does."""
    return capped_count([audit_queries.events(scope, wanted)], MOST_ROWS).number


def settled(wanted: Wanted) -> Wanted:
    """The filter with an end: a file ends where it is asked for, and does not grow while it waits."""
    return replace(wanted, until=min(wanted.until, timezone.now()))


def of_period(wanted: Wanted, since: str, until: str) -> Wanted:
    """The filter with the period that was settled; a job of an older version has none."""
    if not (since and until):
        return wanted
    return replace(wanted, since=datetime.fromisoformat(since), until=datetime.fromisoformat(until))


def heads() -> list[tuple[str, bool]]:
    """The columns, and whether they may tell of somebody."""
    return [
        (_("Record"), False), (_("When"), False), (_("Employee number"), True), (_("Staff name"), True),
        (_("Role"), False), (_("At unit"), False), (_("Action"), False), (_("Code"), False), (_("Object"), False),
        (_("Customer"), True), (_("Reason"), True), (_("Before and after"), True), (_("Address"), True),
        (_("Request number"), False),
    ]  # fmt: skip


def words(scope: Scope, arguments: Mapping[str, Any]) -> ListWords:
    """An order as whoever may agree to it sees it: conditions beyond the reader's rights are only counted."""
    query: Mapping[str, str] = arguments["query"]
    asked = [name for name in FIELDS if query.get(name)]
    told = [text for name in asked if (text := _condition(scope, name, query[name].strip()))]
    columns = listed(column_words(label, is_sensitive=is_sensitive) for label, is_sensitive in heads())
    return ListWords(clauses((*_period(arguments), *told)), columns, len(asked) - len(told))


def _period(arguments: Mapping[str, Any]) -> Iterator[str]:
    for name in PERIOD:
        if text := arguments.get(name):
            moment = datetime.fromisoformat(text).astimezone(dates.zone())
            yield f"{AuditForm.base_fields[name].label} {moment:%Y-%m-%d %H:%M}"


def _condition(scope: Scope, name: str, value: str) -> str:
    """A condition in words; empty where the reader may not know it."""
    if not scope.may(VIEW):
        return ""
    text = value
    if name == "action":
        text = str(audit_words.label_of(value))
    elif name == "object_type":
        text = str(audit_words.object_label(value))
    elif name == "unit":
        unit = visible_units(scope).filter(code=value).first()
        text = unit.label if unit else ""
    elif name == "customer":
        text = value if _finds(scope, value) else ""
    elif name == "object_id":
        text = value if scope.may(SEES_CUSTOMERS) else ""  # it may be the key of a customer
    return f"{AuditForm.base_fields[name].label} {text}" if text else ""


def _finds(scope: Scope, number: str) -> bool:
    try:
        audit_queries.customer_id(scope, number)
    except Unknown:
        return False
    return True
