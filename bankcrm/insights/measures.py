"""What the cross view counts. Another measure is one more `register`: a column of one of the lake's tables, or a query
of its own with the same parameters and columns."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core.scope import Scope


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `cross` and `cell` name the lake's queries that add it up and that name a cell's customers.

    `figure` is the column they take, `figure_classes` what holdings count as to be taken (empty: all). `feed` is what
    must have been delivered for there to be figures at all.
    """

    code: str
    label: str | Promise
    cross: str
    cell: str
    permission: str
    figure: str = ""
    figure_classes: tuple[str, ...] = ()
    is_money: bool = True
    by_class: bool = True
    is_current_only: bool = False
    feed: str = ""
    order: int = 100


_measures: dict[str, Measure] = {}
CUSTOMERS = "customers"


def register(measure: Measure) -> Measure:
    """Adds a measure. Registering the same again changes nothing; another under its code raises ValueError."""
    if _measures.setdefault(measure.code, measure) != measure:
        raise ValueError(f"measure {measure.code} is registered twice")
    return measure


def measures(scope: Scope) -> list[Measure]:
    """Those that the scope may see, in their order."""
    known = [one for one in _measures.values() if scope.may(one.permission)]
    return sorted(known, key=lambda one: (one.order, one.code))


def _money(order: int, code: str, label: Promise, figure: str, *classes: str) -> None:
    register(Measure(code, label, "cross_money", "cell_money", "customers.figures", figure, classes, order=order))


def _facility(order: int, code: str, label: Promise, figure: str) -> None:
    register(
        Measure(
            code,
            label,
            "cross_facility",
            "cell_facility",
            "customers.credit",
            figure,
            by_class=False,
            is_current_only=True,
            feed="facility",
            order=order,
        )
    )


register(
    Measure(
        CUSTOMERS,
        _("Number of customers"),
        "cross_customers",
        "cell_customers",
        "insights.cross",
        is_money=False,
        order=0,
    )
)
_money(10, "aum_end", _("AUM at month end"), "assets_end")
_money(11, "aum_average", _("AUM month average"), "assets_average")
_money(20, "deposit_end", _("Deposits at month end"), "assets_end", "deposit")
_money(21, "deposit_average", _("Deposit month average"), "assets_average", "deposit")
_money(30, "loan_end", _("Loans at month end"), "debt_end")
_money(31, "loan_average", _("Loan month average"), "debt_average")
_money(32, "contingent_end", _("Off-balance commitments at month end"), "contingent_end")
register(
    Measure(
        "fees",
        _("Net fees of the month"),
        "cross_money",
        "cell_money",
        "customers.income",
        "fees",
        feed="income",
        order=35,
    )
)
_facility(40, "facility_limit", _("Facility limits"), "limit_amount")
_facility(41, "facility_drawn", _("Facilities drawn"), "drawn_amount")
