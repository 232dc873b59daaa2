"""Settings of the customer pages."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register
from bankcrm.customers.codes import Kind
from bankcrm.customers.sources import SOURCE_NAMES, USUAL

BOOKED_ELSEWHERE = "customers.booked_elsewhere"
HIDDEN, TOTALS, FULL = "hidden", "totals", "full"
EXPORT_LIMIT = "customers.export_limit"
VERIFY_MINUTES = "customers.verify.minutes"
VERIFY_TRIES = "customers.verify.tries"
LARGE_FLOW = {Kind.PERSON: "customers.large_flow.person", Kind.ORGANISATION: "customers.large_flow.organisation"}
LEAST_LARGE_FLOW = 10_000
"""Smaller flows are no events of the lake (`out_customer_event.sql`): nothing smaller can be called large."""


def register_all() -> None:
    """Called once when the app is ready."""
    register(
        Parameter(
            BOOKED_ELSEWHERE,
            str,
            TOTALS,
            _("Holdings that other units book, for users without the right to see them"),
            choices={HIDDEN: _("Hidden"), TOTALS: _("As totals"), FULL: _("In full")},
        )
    )
    register(Parameter(SOURCE_NAMES, str, USUAL, _("Names of the source systems: CODE=Chinese/English; …")))
    register(
        Parameter(EXPORT_LIMIT, int, 100_000, _("Most customers in one export"), _("customers"), low=1, high=1_000_000)
    )
    register(Parameter(VERIFY_MINUTES, int, 20, _("A caller stays verified for"), _("minutes"), low=1, high=240))
    register(
        Parameter(
            VERIFY_TRIES,
            int,
            3,
            _("Callers that fail before a customer is closed to questions for the day"),
            _("times"),
            low=1,
            high=20,
        )
    )
    _register_large_flows()


def _register_large_flows() -> None:
    """What counts as a large movement in a day, by kind of customer: a bank's own habit, hence parameters."""
    usual = {
        Kind.PERSON: (Decimal(50_000), _("A day's inflow or outflow of a person's account is large from")),
        Kind.ORGANISATION: (
            Decimal(1_000_000),
            _("A day's inflow or outflow of an organisation's account is large from"),
        ),
    }
    for kind, (default, label) in usual.items():
        register(
            Parameter(
                LARGE_FLOW[kind], Decimal, default, label, _("base currency"), low=LEAST_LARGE_FLOW, per_unit=True
            )
        )
