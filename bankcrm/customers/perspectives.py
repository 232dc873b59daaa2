"""How the customer page orders itself for who reads it: code, so that a change of order shows in a diff.

A perspective orders and never hides: tabs and cards that it does not name follow in their own order, and what a role
may see stays a matter of its permissions.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from bankcrm.core.extensions import Label
from bankcrm.customers import codes

T = TypeVar("T")
FIRST = "overview"


@dataclass(frozen=True, slots=True)
class Perspective:
    """An order of the customer page. `roles`: whom it suits; the first that names a role is that role's own.

    `first`: the tab that the customer's own address opens.
    """

    code: str
    label: Label
    roles: tuple[str, ...]
    tabs: tuple[str, ...]
    cards: tuple[str, ...]
    person_figures: tuple[str, ...]
    organisation_figures: tuple[str, ...]
    first: str = FIRST

    def figures_of(self, kind: str) -> tuple[str, ...]:
        """The codes of the head's figures for a kind of customer."""
        return self.person_figures if kind == codes.Kind.PERSON else self.organisation_figures


WEALTH = ("aum_end", "aum_average", "deposit_end", "deposit_average", "loan_end", "product_count")
BUSINESS = ("deposit_end", "deposit_average", "loan_end", "loan_average", "aum_end", "product_count")
DEBT = ("loan_end", "loan_average", "deposit_end", "deposit_average", "aum_end", "product_count")
EXPOSURE = ("loan_end", "loan_average", "contingent_end", "deposit_end", "deposit_average", "product_count")
BREADTH = ("product_count", "aum_end", "aum_average", "deposit_end", "deposit_average", "loan_end")

PERSPECTIVES = (
    Perspective(
        "manager",
        _("Manager"),
        roles=("relationship_manager", "team_leader", "branch_head", "data_steward"),
        tabs=("overview", "timeline", "basic", "accounts", "transactions", "credit", "trade", "relations", "contacts"),
        cards=("trend", "due", "structure", "activities"),
        person_figures=WEALTH,
        organisation_figures=BUSINESS,
    ),
    Perspective(
        "product",
        _("Product manager"),
        roles=("product_manager",),
        tabs=("overview", "accounts", "trade", "credit", "income", "other_banks", "timeline", "payroll", "basic"),
        cards=("structure", "due", "trend", "activities"),
        person_figures=BREADTH,
        organisation_figures=("product_count", *BUSINESS[:5]),
    ),
    Perspective(
        "call_centre",
        _("Call centre"),
        roles=("call_centre",),
        tabs=("contacts", "service", "timeline", "basic", "overview"),
        cards=("activities", "due"),
        person_figures=(),
        organisation_figures=(),
        first="contacts",
    ),
    Perspective(
        "marketing",
        _("Marketing"),
        roles=("head_office_marketing", "relationship_manager", "team_leader", "branch_head"),
        tabs=("overview", "timeline", "accounts", "trade", "contacts", "other_banks", "income", "payroll", "relations"),
        cards=("structure", "activities", "trend", "due"),
        person_figures=("aum_average", "product_count", "aum_end", "deposit_average", "deposit_end", "loan_end"),
        organisation_figures=(
            "deposit_average", "product_count", "deposit_end", "loan_average", "loan_end", "aum_end",
        ),
    ),
    Perspective(
        "risk",
        _("Risk"),
        roles=("risk_officer", "branch_head"),
        tabs=("credit", "trade", "overview", "groups", "relations", "transactions", "timeline", "accounts", "history"),
        cards=("due", "structure", "trend", "activities"),
        person_figures=DEBT,
        organisation_figures=EXPOSURE,
        first="credit",
    ),
    Perspective(
        "audit",
        _("Audit"),
        roles=("auditor", "data_steward"),
        tabs=("history", "access", "basic", "timeline", "transactions", "accounts", "credit", "contacts", "service"),
        cards=("activities", "structure", "due", "trend"),
        person_figures=WEALTH,
        organisation_figures=BUSINESS,
        first="history",
    ),
)  # fmt: skip


def suiting(role: str) -> tuple[Perspective, ...]:
    """The perspectives to choose from, the role's own first. A role that none names reads as a manager does."""
    return tuple(one for one in PERSPECTIVES if role in one.roles) or PERSPECTIVES[:1]


def chosen(role: str, code: str) -> Perspective:
    """The perspective of that code if it suits the role, else the role's own."""
    suited = suiting(role)
    return next((one for one in suited if one.code == code), suited[0])


def in_order(items: Iterable[T], codes_first: tuple[str, ...], code_of: Callable[[T], str]) -> list[T]:
    """Those that are named, in that order; all others after them, as they stood."""
    places = {code: place for place, code in enumerate(codes_first)}
    return sorted(items, key=lambda item: places.get(code_of(item), len(places)))
