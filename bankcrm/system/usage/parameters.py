"""How long usage statistics are kept."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register, register_group

KEEP_DAYS = "usage.keep_days"
KEEP_MONTHS = "usage.keep_months"


def register_all() -> None:
    """Called once when the app is ready."""
    register_group("usage", _("Usage statistics"))
    register(
        Parameter(
            KEEP_DAYS,
            int,
            400,
            _("Usage by day and week is kept for"),
            _("days"),
            31,
            1_830,
            meaning=_("What is older is deleted each night. It tells of each user what they did on a day."),
        )
    )
    register(
        Parameter(
            KEEP_MONTHS,
            int,
            36,
            _("Usage by month is kept for"),
            _("calendar months"),
            13,
            120,
            meaning=_("What is older is deleted each night. Comparing with a year ago needs 13 months."),
        )
    )
