"""What people may do with a customer's fields: hidden, masked, read-only, editable; by field class, role and relation.

The one place that decides it, for pages, lists, search, exports, prints, API and whatever else shows a customer.

`own`: the scope's coverage reaches the customer (one's own, or one's team's). `in_scope`: one sees it through one's
unit. `verified`: so, and a caller on the line has turned out to be the customer. `none`: it turns up beside something
one sees, e.g. the other party of a relation.
"""

from typing import Literal

from bankcrm.core.masking import NOTHING_PLAIN, Clearance
from bankcrm.core.scope import Scope

Relation = Literal["own", "in_scope", "verified", "none"]

NAME = frozenset({"person_name"})
PROFILE = frozenset({"birth", "income"})
REACH = NAME | {"mobile", "phone", "email", "address", "wechat"}
OWN = REACH | PROFILE
ALL = OWN | {"id_number", "account"}
FACTS = frozenset({"", "company_name"})  # what is no personal data: profession, industry, size …

# Document and account numbers stay masked even to one's own manager: seeing them whole is asked for and logged (a
# reveal). A steward compares them all day long, which is what the role is for.
_MATRIX: dict[tuple[str, Relation], frozenset[str]] = {
    ("relationship_manager", "own"): OWN,
    ("relationship_manager", "in_scope"): NAME,
    ("team_leader", "own"): OWN,
    ("team_leader", "in_scope"): NAME,
    ("branch_head", "own"): OWN,
    ("branch_head", "in_scope"): NAME | PROFILE,
    ("head_office_marketing", "in_scope"): NAME,
    ("risk_officer", "in_scope"): NAME | PROFILE,
    ("data_steward", "in_scope"): ALL,
    ("call_centre", "verified"): NAME,  # until then an agent may talk to anybody
    ("auditor", "in_scope"): NAME | PROFILE,
}

# Not even masked: whoever looks at products needs no persons, whoever runs the machinery no customers.
_HIDDEN: dict[str, frozenset[str]] = {
    "product_manager": ALL - NAME,
    "system_administrator": ALL - NAME,
    "security_administrator": ALL - NAME,
}

# Who may correct: the customer's own manager and those above, and stewards. Both the permission to edit and this.
_EDITORS: dict[tuple[str, Relation], frozenset[str]] = {
    ("relationship_manager", "own"): FACTS | OWN,
    ("team_leader", "own"): FACTS | OWN,
    ("branch_head", "own"): FACTS | OWN,
    ("branch_head", "in_scope"): FACTS | PROFILE,
    ("data_steward", "in_scope"): FACTS | ALL,
}


def clearance(scope: Scope, relation: Relation) -> Clearance:
    """What the scope's role may do with fields at that relation to a customer; masked where the tables are silent."""
    if relation == "none":
        return NOTHING_PLAIN
    if scope.is_system:
        return Clearance(ALL, frozenset(), FACTS | ALL)
    return Clearance(
        _of(_MATRIX, scope.role, relation),
        _HIDDEN.get(scope.role, frozenset()),
        _of(_EDITORS, scope.role, relation) if scope.may("customers.edit") else frozenset(),
    )


def _of(table: dict[tuple[str, Relation], frozenset[str]], role: str, relation: Relation) -> frozenset[str]:
    found = table.get((role, relation))
    if found is None and relation in ("own", "verified"):
        found = table.get((role, "in_scope"))
    return found or frozenset()


def may_see_plain(scope: Scope, field_class: str, relation: Relation) -> bool:
    """Whether one value of that class is shown whole."""
    return clearance(scope, relation).is_plain(field_class)
