"""Settings of the customer pages."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register
from bankcrm.customers.sources import SOURCE_NAMES, USUAL

BOOKED_ELSEWHERE = "customers.booked_elsewhere"
HIDDEN, TOTALS, FULL = "hidden", "totals", "full"
EXPORT_LIMIT = "customers.export_limit"


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
