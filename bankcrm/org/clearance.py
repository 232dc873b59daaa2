"""Who sees personal data in plain: by field class, role and relation to the customer.

`own`: the scope's coverage reaches the customer (one's own, or one's team's). `in_scope`: one sees it through one's
unit. `verified`: so, and a caller on the line has turned out to be the customer. `none`: it turns up beside something
one sees, e.g. the other party of a relation.
"""

from typing import Literal

from bankcrm.core.masking import NOTHING_PLAIN, Clearance
from bankcrm.core.scope import Scope

Relation = Literal["own", "in_scope", "verified", "none"]

NAME = frozenset({"person_name"})
REACH = NAME | {"mobile", "phone", "email", "address", "wechat"}
ALL = REACH | {"id_number", "account"}

# Document and account numbers stay masked even to one's own manager: seeing them whole is asked for and logged (a
# reveal). A steward compares them all day long, which is what the role is for.
_MATRIX: dict[tuple[str, Relation], frozenset[str]] = {
    ("relationship_manager", "own"): REACH,
    ("relationship_manager", "in_scope"): NAME,
    ("team_leader", "own"): REACH,
    ("team_leader", "in_scope"): NAME,
    ("branch_head", "own"): REACH,
    ("branch_head", "in_scope"): NAME,
    ("head_office_marketing", "in_scope"): NAME,
    ("risk_officer", "in_scope"): NAME,
    ("data_steward", "in_scope"): ALL,
    ("call_centre", "verified"): NAME,  # until then an agent may talk to anybody
    ("auditor", "in_scope"): NAME,
}


def clearance(scope: Scope, relation: Relation) -> Clearance:
    """What the scope's role sees in plain at that relation to a customer. Nothing where the matrix is silent."""
    if relation == "none":
        return NOTHING_PLAIN
    if scope.is_system:
        return Clearance(ALL)
    found = _MATRIX.get((scope.role, relation))
    if found is None and relation in ("own", "verified"):
        found = _MATRIX.get((scope.role, "in_scope"))
    return Clearance(found or frozenset())


def may_see_plain(scope: Scope, field_class: str, relation: Relation) -> bool:
    """Whether one value of that class is shown whole."""
    return clearance(scope, relation).is_plain(field_class)
