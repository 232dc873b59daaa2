"""Which unit a unit can go up in: one that does the same work, at its level of the bank or above. No Django, no I/O.

A sub-branch that closes hands its customers, accounts and staff to another sub-branch or to the branch; a department
has none of these, and the head office is not an outlet.
"""

from collections.abc import Mapping

HEAD_OFFICE, BRANCH, SUB_BRANCH, OUTLET, DEPARTMENT = "head_office", "branch", "sub_branch", "outlet", "department"
LEVELS = (HEAD_OFFICE, BRANCH, SUB_BRANCH, OUTLET)
GOES_UP_IN: Mapping[str, tuple[str, ...]] = {
    HEAD_OFFICE: (),
    BRANCH: (BRANCH,),
    SUB_BRANCH: (SUB_BRANCH, BRANCH),
    OUTLET: (OUTLET, SUB_BRANCH, BRANCH),
    DEPARTMENT: (DEPARTMENT,),
}
"""kind -> the kinds of unit that may take it over."""

Tree = Mapping[int, tuple[int | None, str]]
"""unit id -> (id of the unit above, kind)."""


def level_of(tree: Tree, pk: int) -> int:
    """How far down the bank a unit stands: 0 the head office, 3 an outlet. A department stands where its unit does."""
    here: int | None = pk
    while here is not None and here in tree:
        here, kind = tree[here]
        if kind in LEVELS:
            return LEVELS.index(kind)
    return 0


def may_go_up_in(tree: Tree, gone: int, kept: int) -> bool:
    """Whether the one may take the other over: a kind that does the same work, and not further down."""
    return tree[kept][1] in GOES_UP_IN.get(tree[gone][1], ()) and level_of(tree, kept) <= level_of(tree, gone)
