"""How long the bank takes to answer requests of data subjects."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register
from bankcrm.privacy.models import SubjectRequest

WORKING_DAYS, WARN_DAYS = "privacy.working_days", "privacy.warn_days"
DEFAULT_DAYS = 15
MOST_DAYS = 30


def days_key(kind: str) -> str:
    """The parameter that says in how many days a request of that kind is answered."""
    return f"privacy.days.{kind}"


def register_all() -> None:
    """Called once when the app is ready."""
    register(
        Parameter(
            WORKING_DAYS,
            bool,
            default=True,
            label=_("Requests of data subjects: days are working days"),
            meaning=_("By the bank's calendar; where it knows nothing, Monday to Friday."),
        )
    )
    register(
        Parameter(
            WARN_DAYS,
            int,
            3,
            _("Requests of data subjects are marked as due soon before the last day by"),
            _("days"),
            low=0,
            high=MOST_DAYS,
        )
    )
    for kind in SubjectRequest.Kind:
        register(
            Parameter(
                days_key(kind.value),
                int,
                DEFAULT_DAYS,
                format_lazy(_("Request of a data subject “{kind}” is answered within"), kind=kind.label),
                _("days"),
                low=1,
                high=MOST_DAYS,
                meaning=_("Counts for requests recorded from then on."),
                four_eyes=True,
            )
        )
