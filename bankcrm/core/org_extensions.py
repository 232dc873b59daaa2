"""What apps above declare about the rows that hang on units and users: what a tree of units, a merge and a leaver
ask for. Extension points like those of `core.extensions`, whose registries they use.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bankcrm.core.extensions import Label, Registry
from bankcrm.core.scope import Scope


@dataclass(frozen=True, slots=True)
class UnitNumberColumn:
    """A column that keeps a unit's preorder number, which moves with the tree.

    It follows the unit that `unit_column` names; else it repeats the number of the row of another table (`repeats`)
    that `link` names; else, where the row names neither, it follows the unit that has borne that number until now.
    """

    code: str  # the table
    unit_column: str = ""
    repeats: str = ""
    link: str = ""
    column: str = "unit_no"
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class UnitMergeRule:
    """What becomes of an app's rows when a unit goes up in another.

    `apply(kept, gone, on, by)` moves what `count(gone)` counts and answers how much that was.
    """

    code: str
    label: Label
    count: Callable[[Any], int]
    apply: Callable[[Any, Any, date, Scope], int]
    holds_open: bool = True  # whether these rows keep a unit from being closed
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class LeaverRule:
    """What hangs on a user who leaves: `hand_over(leaver, successor, by)` gives what `count(leaver)` counts to another.

    `may_take(successor, leaver)` answers why somebody cannot take it, empty where they can.
    """

    code: str
    label: Label
    count: Callable[[Any], int]
    hand_over: Callable[[Any, Any, Scope], int]
    may_take: Callable[[Any, Any], Label] = lambda successor, leaver: ""
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """A number beside each unit of the list of units: `values(scope, ids)` answers for a page of them at once."""

    code: str
    label: Label
    values: Callable[[Scope, list[int]], Mapping[int, int]]
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class CustomerSight:
    """Why a scope sees something: `explain(reader, scope, number)` answers through what, nothing where it does not, and
    None where the reader does not see it either. `hinder` says of what is not seen what stands in between.
    """

    code: str
    label: Label
    explain: Callable[[Scope, Scope, str], Sequence[Label] | None]
    hinder: Callable[[Scope, Scope, str], Sequence[Label]] = lambda reader, scope, number: ()
    permission: str = ""
    order: int = 100


customer_sights: Registry[CustomerSight] = Registry("reason to see a customer")
unit_number_columns: Registry[UnitNumberColumn] = Registry("column of unit numbers")
unit_merge_rules: Registry[UnitMergeRule] = Registry("rule for merging units")
leaver_rules: Registry[LeaverRule] = Registry("rule for leavers")
unit_figures: Registry[UnitFigure] = Registry("figure of units")
business_lines: dict[str, Label] = {}
"""The bank's business lines, to which a post may be narrowed: code -> name. Filled by the app that knows them."""
