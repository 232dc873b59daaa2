"""Settings of the customer pages."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register

BOOKED_ELSEWHERE = "customers.booked_elsewhere"
HIDDEN, TOTALS, FULL = "hidden", "totals", "full"


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
