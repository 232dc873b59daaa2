"""Corrections by staff meet what a load delivers: they go before the source's word, or end by the bank's rule.

A source speaks again when what it delivers differs from the value that staff corrected. A customer whose values did
not change is not staged, so its corrections cost nothing.
"""

from typing import Any

from django.utils import timezone

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.customers.models import FieldOverride
from bankcrm.customers.queries.words import ENDS_WHEN_SOURCE_AGREES, ENDS_WHEN_SOURCE_CHANGES, override_ends
from bankcrm.feeds.models import Build
from bankcrm.feeds.publish.facts import Fact
from bankcrm.feeds.publish.merge import staged

ENDED = "customer.override_ended"

# What was corrected while the load was under way was corrected in knowledge of something newer than its files: it
# counts as a correction of what the load delivers. So does one of which nobody knows what it corrected.
LEARN = """
UPDATE customers_fieldoverride o SET source_value = coalesce(CAST(s.{column} AS text), '')
FROM {staged} s
WHERE {in_force} AND (o.source_value IS NULL OR o.at >= %(started)s)
"""

# An empty delivery says nothing, so it ends nothing.
END = """
UPDATE customers_fieldoverride o SET released_at = %(now)s, source_differs_on = NULL, ending = CASE
    WHEN {new} = {mine} THEN '{agrees}' ELSE '{changed}' END
FROM {staged} s
WHERE {in_force} AND {new} IS NOT NULL AND {ends}
RETURNING o.id, o.customer_id, o.value #>> '{{}}', CAST(s.{column} AS text), o.ending
"""
ENDS = {
    ENDS_WHEN_SOURCE_CHANGES: "({new} IS DISTINCT FROM {old})",
    ENDS_WHEN_SOURCE_AGREES: "({new} = {mine})",
}

# Three words for one field, and staff's counts: somebody should look.
MARK = """
UPDATE customers_fieldoverride o SET source_differs_on = CASE
    WHEN {new} IS DISTINCT FROM {old} AND {new} <> {mine} THEN coalesce(o.source_differs_on, %(day)s) END
FROM {staged} s
WHERE {in_force} AND (o.source_differs_on IS NOT NULL OR ({new} IS DISTINCT FROM {old} AND {new} <> {mine}))
"""

# The target still compares afterwards, so a correction that stays costs nothing.
APPLY = """
UPDATE {staged} s SET {column} = CAST(o.value #>> '{{}}' AS {type})
FROM customers_fieldoverride o
WHERE {in_force}
"""


def keep_overrides(cursor: Any, fact: Fact, *, build: Build, by: Scope) -> None:
    """Ends the corrections that the rule ends, and puts the others in place of the staged values."""
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'staging' AND table_name = %s",
        [fact.name],
    )
    types = dict(cursor.fetchall())
    fields = FieldOverride.objects.everything(because="a load keeps what staff have set").filter(released_at=None)
    started = build.load.started_at if build.load else timezone.now()
    values = {"started": started, "now": timezone.now(), "day": build.business_date}
    for field in sorted(set(fields.values_list("field", flat=True)) & set(types)):
        parts = _parts(fact, field, types[field])
        cursor.execute(LEARN.format(**parts), values)
        condition = ENDS.get(override_ends(field))
        if condition:
            cursor.execute(END.format(**parts, ends=condition.format(**parts)), values)
            _tell(cursor.fetchall(), field, by)
        cursor.execute(MARK.format(**parts), values)
        cursor.execute(APPLY.format(**parts), values)


def _parts(fact: Fact, column: str, kind: str) -> dict[str, str]:
    """SQL of what is compared: in the column's own type, so that 1200 and 1200.00 are one word; no text is none."""
    text = {"new": f"s.{column}", "mine": "o.value #>> '{}'", "old": "o.source_value"}
    typed = {name: f"CAST(nullif(CAST({sql} AS text), '') AS {kind})" for name, sql in text.items()}
    return typed | {
        "column": column,
        "type": kind,
        "staged": staged(fact),
        "in_force": f"o.customer_id = s.{fact.key[0]} AND o.field = '{column}' AND o.released_at IS NULL",
        "agrees": FieldOverride.Ending.SOURCE_AGREES.value,
        "changed": FieldOverride.Ending.SOURCE_CHANGED.value,
    }


def _tell(ended: list[tuple[int, int, Any, str, str]], field: str, by: Scope) -> None:
    for pk, customer_id, mine, delivered, ending in ended:
        audit.record(
            ENDED,
            by=by,
            object_type=FieldOverride._meta.label_lower,
            object_id=pk,
            customer_id=customer_id,
            before={field: mine},
            after={field: delivered},
            detail={"ending": ending},
        )
