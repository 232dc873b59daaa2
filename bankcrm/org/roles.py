"""The twelve roles and what each may do. Roles are code, so that a change shows in a diff; posts are data.

Three kinds of role keep apart (三道防线, and the separation of 系统, 安全 and 审计 administration): who runs the
machinery sees no customers, who audits writes nothing.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core.permissions import Permission
from bankcrm.org import permissions as may


@dataclass(frozen=True, slots=True)
class Role:
    """A set of permissions. `landing` is the page after login, by URL name."""

    code: str
    label: str | Promise
    permissions: frozenset[str]
    landing: str = "workbench:home"

    @property
    def sees_customers(self) -> bool:
        """Whether the role deals with customers at all."""
        return may.CUSTOMERS_VIEW.code in self.permissions


READ_CUSTOMERS = (
    may.CUSTOMERS_VIEW,
    may.CUSTOMERS_LIST,
    may.CUSTOMERS_SEARCH,
    may.CUSTOMERS_FIGURES,
    may.CUSTOMERS_TRANSACTIONS,
    may.CUSTOMERS_CREDIT,
    may.CUSTOMERS_INCOME,
    may.CUSTOMERS_RELATIONS,
    may.CUSTOMERS_INTERACTIONS_VIEW,
    may.CUSTOMERS_HISTORY,
)
LOOK_AFTER = (
    *READ_CUSTOMERS,
    may.CUSTOMERS_RISK_OWN,
    may.CUSTOMERS_REVEAL,
    may.CUSTOMERS_EDIT,
    may.CUSTOMERS_FILES,
    may.CUSTOMERS_FILES_OPEN_OWN,
    may.CUSTOMERS_FILES_EDIT,
    may.CUSTOMERS_PROSPECTS_CREATE,
    may.CUSTOMERS_BULK,
    may.SEGMENTS_TAG,
    may.CUSTOMERS_INTERACTIONS_LOG,
    may.CUSTOMERS_EXPORT,
)


def _role(code: str, label: Promise, allowed: tuple[Permission, ...], landing: str = "workbench:home") -> Role:
    return Role(code, label, frozenset(one.code for one in allowed), landing)


_ALL = (
    _role("relationship_manager", _("Relationship manager"), LOOK_AFTER),
    _role(
        "team_leader",
        _("Team leader"),
        (*LOOK_AFTER, may.CUSTOMERS_FILES_WAIVE, may.CUSTOMERS_GROUPS, may.TASKS_ASSIGN),
    ),
    _role(
        "branch_head",
        _("Branch head"),
        (
            *LOOK_AFTER,
            may.CUSTOMERS_FILES_OPEN,
            may.CUSTOMERS_FILES_WAIVE,
            may.CUSTOMERS_GROUPS,
            may.CUSTOMERS_RISK,
            may.SEGMENTS_MANAGE,
            may.TASKS_ASSIGN,
            may.ALERTS_RULES,
            may.INSIGHTS_CROSS,
            may.ORG_VIEW,
            may.SYSTEM_PARAMETERS_VIEW,
            may.SYSTEM_PARAMETERS_UNIT,
            may.EXPORTS_AGREE,
            may.SYSTEM_USAGE,
        ),
    ),
    _role(
        "head_office_marketing",
        _("Head-office marketing"),
        (
            *READ_CUSTOMERS,
            may.CUSTOMERS_BULK,
            may.SEGMENTS_TAG,
            may.SEGMENTS_MANAGE,
            may.CUSTOMERS_WHOLE_BANK,
            may.CUSTOMERS_EXPORT,
            may.ALERTS_RULES,
            may.VALUATION_TIERS,
            may.VALUATION_TIERS_SET,
            may.INSIGHTS_CROSS,
            may.ORG_VIEW,
        ),
    ),
    _role(
        "product_manager",
        _("Product manager"),
        (
            may.CUSTOMERS_VIEW,
            may.CUSTOMERS_LIST,
            may.CUSTOMERS_FIGURES,
            may.CUSTOMERS_CREDIT,
            may.CUSTOMERS_INCOME,
            may.VALUATION_TIERS,
            may.INSIGHTS_CROSS,
        ),
    ),
    _role(
        "risk_officer",
        _("Risk officer"),
        (
            *READ_CUSTOMERS,
            may.CUSTOMERS_FILES,
            may.CUSTOMERS_FILES_OPEN,
            may.CUSTOMERS_REVEAL,
            may.ORG_WALLS_VIEW,
            may.ORG_WALLS_AGREE,
            may.CUSTOMERS_RISK,
            may.CUSTOMERS_WHOLE_BANK,
            may.CUSTOMERS_EXPORT,
            may.VALUATION_TIERS,
            may.INSIGHTS_CROSS,
            may.ORG_VIEW,
            may.PRIVACY_REQUESTS,
            may.PRIVACY_DELETIONS_AGREE,
            may.EXPORTS_AGREE,
            may.EXPORTS_AGREE_ANY,
        ),
    ),
    _role(
        "data_steward",
        _("Data steward"),
        (
            *READ_CUSTOMERS,
            may.CUSTOMERS_WHOLE_BANK,
            may.CUSTOMERS_EDIT,
            may.CUSTOMERS_FILES,
            may.CUSTOMERS_FILES_OPEN,
            may.CUSTOMERS_FILES_EDIT,
            may.CUSTOMERS_FILES_WAIVE,
            may.CUSTOMERS_GROUPS,
            may.FEEDS_VIEW,
            may.FEEDS_REJECTS,
            may.FEEDS_LEDGER,
            may.FEEDS_LEDGER_EXPLAIN,
            may.IDENTITY_CANDIDATES,
            may.IDENTITY_DATA_WORK,
            may.PRIVACY_REQUESTS,
            may.PRIVACY_REQUESTS_WORK,
            may.IDENTITY_DATA_WORK_CLOSE,
        ),
    ),
    _role(
        "call_centre",
        _("Call-centre agent"),
        (
            may.CUSTOMERS_VIEW,
            may.CUSTOMERS_SEARCH,
            may.CUSTOMERS_INTERACTIONS_VIEW,
            may.CUSTOMERS_INTERACTIONS_LOG,
            may.CUSTOMERS_REVEAL,
            may.CUSTOMERS_VERIFY,
        ),
    ),
    _role(
        "auditor",
        _("Auditor"),
        (
            *READ_CUSTOMERS,
            may.CUSTOMERS_FILES,
            may.PRIVACY_REQUESTS,
            may.CUSTOMERS_FILES_OPEN,
            may.CUSTOMERS_REVEAL,
            may.ORG_WALLS_VIEW,
            may.CUSTOMERS_RISK,
            may.CUSTOMERS_WHOLE_BANK,
            may.FEEDS_VIEW,
            may.FEEDS_REJECTS,
            may.FEEDS_LEDGER,
            may.IDENTITY_CANDIDATES,
            may.IDENTITY_DATA_WORK,
            may.VALUATION_TIERS,
            may.INSIGHTS_CROSS,
            may.AUDIT_VIEW,
            may.AUDIT_CUSTOMERS,
            may.EXPORTS_TRACE,
            may.ORG_VIEW,
            may.ORG_LOGINS,
            may.SYSTEM_JOBS,
            may.SYSTEM_PARAMETERS_VIEW,
            may.APPROVALS_ALL,
            may.SYSTEM_USAGE,
        ),
    ),
    _role(
        "system_administrator",
        _("System administrator"),
        (
            may.SYSTEM_PARAMETERS_VIEW,
            may.SYSTEM_PARAMETERS,
            may.SYSTEM_MENUS,
            may.SYSTEM_WEBHOOKS,
            may.SYSTEM_JOBS,
            may.ORG_VIEW,
            may.ORG_UNITS,
            may.FEEDS_VIEW,
            may.SYSTEM_OPERATIONS,
            may.SYSTEM_USAGE,
        ),
    ),
    _role(
        "security_administrator",
        _("Security administrator"),
        (
            may.ORG_WALLS_VIEW,
            may.ORG_WALLS,
            may.ORG_VIEW,
            may.ORG_USERS,
            may.ORG_POSTS,
            may.ORG_UNITS_AGREE,
            may.ORG_LOGINS,
            may.ORG_LOGINS_ACT,
            may.AUDIT_VIEW,
            may.EXPORTS_TRACE,
            may.SYSTEM_PARAMETERS_VIEW,
            may.SYSTEM_PARAMETERS_AGREE,
        ),
    ),
    _role(
        "it_operator",
        _("IT operator"),
        (
            may.FEEDS_VIEW,
            may.FEEDS_LOAD,
            may.FEEDS_REJECTS,
            may.FEEDS_LEDGER,
            may.FEEDS_LEDGER_EXPLAIN,
            may.SYSTEM_JOBS,
            may.SYSTEM_PARAMETERS_VIEW,
            may.SYSTEM_JOBS_MANAGE,
            may.SYSTEM_OPERATIONS,
        ),
    ),
)
ROLES: dict[str, Role] = {role.code: role for role in _ALL}


def permissions_of(role: str) -> frozenset[str]:
    """What a role may do; nothing for one that this version does not know."""
    known = ROLES.get(role)
    return known.permissions if known else frozenset()


def role_codes_with(permission: str) -> list[str]:
    """The roles that hold a permission."""
    return [role.code for role in ROLES.values() if permission in role.permissions]
