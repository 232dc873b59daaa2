"""What a bank may set about its feeds."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register, register_group

PARAMETERS = (
    Parameter(
        "feeds.max_rejected_share",
        Decimal,
        Decimal("0.05"),
        _("Largest share of rejected rows with which a file is still published"),
        _("fraction"),
        low=0,
        high=1,
        meaning=_("0.05 is 5%. A file with more rejected rows is refused whole, and with it the delivery."),
    ),
    Parameter(
        "feeds.max_shrinkage",
        Decimal,
        Decimal("0.3"),
        _("Largest share of its rows that a full delivery may have lost since the one before"),
        _("fraction"),
        low=0,
        high=1,
    ),
    Parameter(
        "feeds.kept_builds",
        int,
        3,
        _("Number of builds whose files are kept"),
        _("builds"),
        low=1,
        high=400,
        meaning=_("More builds take more disk; what an older one said cannot be looked up any more."),
    ),
    Parameter(
        "feeds.due_hour",
        int,
        7,
        _("Hour by which the day's delivery should have been loaded"),
        _("hour"),
        low=0,
        high=23,
    ),
    Parameter(
        "feeds.missing_day",
        str,
        "mark",
        _("What a business day without balances does, where all balances are delivered every day"),
        choices={"stop": _("Stop the load"), "mark": _("Mark it and carry the last balances on")},
    ),
    Parameter(
        "feeds.ledger_tolerance",
        Decimal,
        Decimal("0.00"),
        _("Difference between accounts and ledger that still counts as none, in the cell's currency"),
        low=0,
    ),
    Parameter(
        "feeds.ledger_difference",
        str,
        "mark",
        _("What accounts that do not add up to the ledger do"),
        choices={"stop": _("Stop the load"), "mark": _("Mark them and publish")},
        meaning=_("A load that stops publishes nothing: pages keep the figures of the day before."),
    ),
    Parameter(
        "customers.source_rank",
        str,
        "CORE,LOAN,CARD,WEALTH",
        _("Source systems by the trust put in them: where they differ, the first one's value counts"),
    ),
)


def register_all() -> None:
    """Makes them known; called once when the app is ready."""
    register_group("feeds", _("Loads"))
    for parameter in PARAMETERS:
        register(parameter)
