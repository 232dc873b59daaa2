"""Which rule holds where, and when its task is due: plain functions of the field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Key = tuple[str, str]
"""(kind, business line); an empty line: all of them."""


@dataclass(frozen=True, slots=True)
class OwnRule:
    """What one unit says about one kind: a value that is None comes from above."""

    unit_id: int
    key: Key
    is_active: bool | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A value that holds at a unit, and the unit that said it."""

    value: Any
    unit_id: int


@dataclass(frozen=True, slots=True)
class Effective:
    """The rule of one kind as it holds at a unit. A value that nobody up the tree has said is not there."""

    unit_id: int
    key: Key
    active: Held | None
    values: Mapping[str, Held]

    @property
    def is_active(self) -> bool:
        """Whether alerts of the kind arise here: not before somebody up the tree has said so."""
        return self.active is not None and bool(self.active.value)

    def get(self, name: str) -> Any:
        """A value, or None."""
        held = self.values.get(name)
        return None if held is None else held.value


def effective(path: Sequence[int], key: Key, own: Mapping[tuple[int, Key], OwnRule]) -> Effective:
    """The rule at the first unit of `path`, which leads up the tree: each value from the nearest that says it."""
    active: Held | None = None
    values: dict[str, Held] = {}
    for unit_id in path:
        rule = own.get((unit_id, key))
        if rule is None:
            continue
        if active is None and rule.is_active is not None:
            active = Held(rule.is_active, unit_id)
        for name, value in rule.values.items():
            if value is not None and name not in values:
                values[name] = Held(value, unit_id)
    return Effective(path[0], key, active, values)


def by_unit(
    parents: Mapping[int, int | None], keys: Iterable[Key], own: Iterable[OwnRule]
) -> dict[tuple[int, Key], Effective]:
    """The rules of every unit of the tree."""
    said = {(rule.unit_id, rule.key): rule for rule in own}
    return {
        (unit_id, key): effective(path_of(unit_id, parents), key, said) for key in list(keys) for unit_id in parents
    }


def path_of(unit_id: int, parents: Mapping[int, int | None]) -> list[int]:
    """The way up the tree: the unit first."""
    path: list[int] = []
    here: int | None = unit_id
    while here is not None and here not in path:
        path.append(here)
        here = parents.get(here)
    return path
