"""Numbering the bank's tree in preorder, with gaps, so that "this unit and those below" is one range of numbers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GAP = 100


@dataclass(frozen=True)
class Numbered:
    """A unit's place: those below it have `no` < n < `no_end`."""

    code: str
    parent: str | None
    no: int
    no_end: int
    depth: int


class TreeError(ValueError):
    """The units do not make one tree; `code` names a unit that shows it."""

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(f"{reason}: {code}")
        self.reason = reason
        self.code = code


def number_tree(parents: Mapping[str, str | None]) -> Sequence[Numbered]:
    """Numbers units (code → parent's code) in preorder, children by code; the root first.

    A unit whose parent is unknown hangs under the root. Raises TreeError (`no_root`, `two_roots`, `cycle`).
    """
    roots = sorted(code for code, parent in parents.items() if not parent)
    if not roots:
        raise TreeError("no_root", next(iter(sorted(parents)), ""))
    if len(roots) > 1:
        raise TreeError("two_roots", roots[1])
    root = roots[0]
    children: dict[str, list[str]] = defaultdict(list)
    for code, parent in sorted(parents.items()):
        if code != root:
            children[parent if parent in parents else root].append(code)  # type: ignore[index]
    numbered: list[Numbered] = []
    ends: dict[str, int] = {}
    counter = 0
    # An explicit stack: a bank's tree is shallow, but a faulty file need not be.
    stack: list[tuple[str, str | None, int, bool]] = [(root, None, 0, False)]
    while stack:
        code, parent, depth, left = stack.pop()
        counter += GAP
        if left:
            ends[code] = counter
            continue
        numbered.append(Numbered(code, parent, counter, 0, depth))
        stack.append((code, parent, depth, True))
        stack.extend((child, code, depth + 1, False) for child in reversed(children[code]))
    if len(numbered) < len(parents):
        reached = {unit.code for unit in numbered}
        raise TreeError("cycle", min(set(parents) - reached))
    return [Numbered(unit.code, unit.parent, unit.no, ends[unit.code], unit.depth) for unit in numbered]
