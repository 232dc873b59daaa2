"""Settings of the customer pages."""

from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register, register_group, value
from bankcrm.customers.codes import Kind
from bankcrm.customers.fields import ORGANISATION_FIELDS, PERSON_FIELDS
from bankcrm.customers.sources import SOURCE_NAMES, USUAL

BOOKED_ELSEWHERE = "customers.booked_elsewhere"
HIDDEN, TOTALS, FULL = "hidden", "totals", "full"
EXPORT_LIMIT = "customers.export_limit"
REVEAL_MINUTES = "customers.reveal.minutes"
REVEAL_LIMIT = "customers.reveal.per_day"
REVEAL_ALERT = "customers.reveal.alert_from"
VERIFY_MINUTES = "customers.verify.minutes"
VERIFY_TRIES = "customers.verify.tries"
LARGE_FLOW = {Kind.PERSON: "customers.large_flow.person", Kind.ORGANISATION: "customers.large_flow.organisation"}
LEAST_LARGE_FLOW = 10_000
"""Smaller flows are no events of the lake (`out_customer_event.sql`): nothing smaller can be called large."""
OVERRIDE_ENDS = "customers.override_ends"
NEVER, WHEN_SOURCE_CHANGES, WHEN_SOURCE_AGREES = "never", "when_source_changes", "when_source_agrees"
AS_THE_BANK = "as_the_bank"


def register_all() -> None:
    """Called once when the app is ready."""
    register_group("customers", _("Customers"))
    register(
        Parameter(
            BOOKED_ELSEWHERE,
            str,
            TOTALS,
            _("Holdings that other units book, for users without the right to see them"),
            choices={HIDDEN: _("Hidden"), TOTALS: _("As totals"), FULL: _("In full")},
            meaning=_(
                "Of a customer with business at several units, each unit sees its own holdings in full and those of "
                "the others like this. Roles that see the whole bank always see all in full."
            ),
            four_eyes=True,
        )
    )
    register(Parameter(SOURCE_NAMES, str, USUAL, _("Names of the source systems: CODE=Chinese/English; …")))
    register(
        Parameter(
            EXPORT_LIMIT,
            int,
            100_000,
            _("Most customers in one export"),
            _("customers"),
            low=1,
            high=1_000_000,
            four_eyes=True,
        )
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
    _register_reveals()
    _register_large_flows()
    _register_override_ends()


def _register_reveals() -> None:
    """How long, how often, and from when on the security administrators hear of it."""
    for parameter in (
        Parameter(
            REVEAL_MINUTES,
            int,
            10,
            _("A masked value that was asked for stays shown for"),
            _("minutes"),
            low=1,
            high=120,
            meaning=_("For so long whoever asked sees that kind of data of that customer whole."),
            four_eyes=True,
        ),
        Parameter(
            REVEAL_LIMIT,
            int,
            50,
            _("Masked values that one user may look at in a day"),
            _("times"),
            low=1,
            high=1_000,
            four_eyes=True,
        ),
        Parameter(
            REVEAL_ALERT,
            int,
            20,
            _("Security administrators are warned when a user looks at more masked values in a day than"),
            _("times"),
            low=1,
            high=1_000,
            meaning=_("And at more than three times what that user looks at on a usual day, where there is a habit."),
            four_eyes=True,
        ),
    ):
        register(parameter)


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


def _register_override_ends() -> None:
    """One rule for the bank, and one for each field that staff may correct, where that is to differ."""
    rules = {
        NEVER: _("Never: only staff release it"),
        WHEN_SOURCE_CHANGES: _("When the source delivers another value than the one corrected"),
        WHEN_SOURCE_AGREES: _("When the source says the same as staff"),
    }
    register(
        Parameter(
            OVERRIDE_ENDS,
            str,
            WHEN_SOURCE_CHANGES,
            _("When a correction by staff ends"),
            choices=rules,
            meaning=_("A correction that has ended stands in the audit; the source's value counts again."),
        )
    )
    of_field = {AS_THE_BANK: _("As for the bank"), **rules}
    for field in (*PERSON_FIELDS, *ORGANISATION_FIELDS):
        if field.is_maintainable:
            label = format_lazy(_("When a correction of “{field}” ends"), field=field.label)
            register(Parameter(f"{OVERRIDE_ENDS}.{field.name}", str, AS_THE_BANK, label, choices=of_field))


def override_ends(field_name: str) -> str:
    """The rule by which loads end corrections of a field."""
    own = value(f"{OVERRIDE_ENDS}.{field_name}")
    return str(value(OVERRIDE_ENDS) if own == AS_THE_BANK else own)
