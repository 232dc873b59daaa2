"""Numbering the tree anew after its shape changed, and every column that keeps a number of it.

For the other actions and for loads: the caller holds `core.publication`'s lock alone and has the transaction, so that
nobody reads half of it, and no row is written with an old number meanwhile.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import connection

from bankcrm.core import context, org_extensions
from bankcrm.core.org_extensions import UnitNumberColumn
from bankcrm.core.scope import Range, merge_ranges
from bankcrm.org.models import OrgUnit
from bankcrm.org.tree import number_tree

FIELDS = ["no", "no_end", "depth", "successor", "taken_over"]


def renumber(*, rows_moved: bool = False) -> int:
    """Gives every unit its place by the parents, and what hangs on units their numbers; answers how many units changed.

    `rows_moved`: rows went from one unit to another, so that their numbers are brought in line in any case.

    Raises TreeError where the units make no tree.
    """
    units = {unit.code: unit for unit in OrgUnit.objects.select_for_update().order_by("pk")}
    codes = {unit.pk: code for code, unit in units.items()}
    before = {code: _kept(unit) for code, unit in units.items()}
    numbers = {code: unit.no for code, unit in units.items()}
    for place in number_tree({code: codes.get(unit.parent_id or 0) for code, unit in units.items()}):
        unit = units[place.code]
        unit.no, unit.no_end, unit.depth = place.no, place.no_end, place.depth
    _take_over(list(units.values()))
    changed = [unit for code, unit in units.items() if _kept(unit) != before[code]]
    OrgUnit.objects.bulk_update(changed, FIELDS, batch_size=500)
    moved = {numbers[code]: unit.no for code, unit in units.items() if unit.no != numbers[code]}
    if moved or rows_moved:
        follow(moved)
    forget_tree()
    return len(changed)


def follow(moved: Mapping[int, int]) -> None:
    """Brings every column that keeps a number to the numbers of today. `moved`: number until now -> number."""
    # What repeats another row's number comes after that row.
    for column in sorted(org_extensions.unit_number_columns, key=lambda one: bool(one.repeats)):
        with connection.cursor() as cursor:
            statement, given = _statement(column, moved)
            cursor.execute(statement, given)


def forget_tree() -> None:
    """Drops what the request remembers of the tree."""
    if (serving := context.current()) is not None:
        for key in ("org.tree", "org.lake_unit_ids"):
            serving.cache.pop(key, None)


def _statement(column: UnitNumberColumn, moved: Mapping[int, int]) -> tuple[str, Any]:
    table, name = column.code, column.column
    if column.unit_column:
        source, on, number = "org_orgunit u", f"u.id = t.{column.unit_column}", "u.no"
    elif column.repeats:
        source, on, number = f"{column.repeats} u", f"u.id = t.{column.link}", f"u.{name}"
    else:
        source, on, number = "unnest(%s::int[], %s::int[]) u(was, no)", f"t.{name} = u.was", "u.no"
    given: Any = [] if column.unit_column or column.repeats else [list(moved), list(moved.values())]
    # Names come from declarations in code, values go as parameters.
    return f"UPDATE {table} t SET {name} = {number} FROM {source} WHERE {on} AND t.{name} <> {number}", given  # noqa: S608


def _kept(unit: OrgUnit) -> tuple[object, ...]:
    return (unit.no, unit.no_end, unit.depth, unit.successor_id, unit.taken_over)


def _take_over(units: list[OrgUnit]) -> None:
    """Works out who answers for merged units, and whose scopes reach over them although they stand elsewhere."""
    by_id = {unit.pk: unit for unit in units}
    own: dict[int, list[Range]] = defaultdict(list)
    below: dict[int, list[Range]] = defaultdict(list)
    for unit in units:
        last = _last(unit, by_id)
        unit.successor = None if last is unit else last
        if last is unit:
            continue
        own[last.pk].append((unit.no, unit.no + 1))
        for above in _way_up(last, by_id):
            if not above.no <= unit.no < above.no_end:
                below[above.pk].append((unit.no, unit.no_end))
    for unit in units:
        found = {
            name: [list(pair) for pair in merge_ranges(ranges[unit.pk])]
            for name, ranges in (("unit", own), ("subtree", below))
            if unit.pk in ranges
        }
        unit.taken_over = found or None


def _last(unit: OrgUnit, by_id: Mapping[int, OrgUnit]) -> OrgUnit:
    seen = {unit.pk}
    while unit.merged_into_id is not None and unit.merged_into_id not in seen:
        unit = by_id[unit.merged_into_id]
        seen.add(unit.pk)
    return unit


def _way_up(unit: OrgUnit, by_id: Mapping[int, OrgUnit]) -> list[OrgUnit]:
    found, here = [unit], unit
    while here.parent_id is not None:
        here = by_id[here.parent_id]
        found.append(here)
    return found
