"""The kinds of alert: the values of their rules, the bounds of these, and what the head office begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from bankcrm.core.extensions import Label
from bankcrm.customers.codes import BusinessLine
from bankcrm.customers.task_codes import AlertKind

MOVEMENT_DAYS = 10
"""A large movement is news for so many days; after that it is history."""
MOVEMENT_FLOOR = 50_000
"""The least movement that the lake hands over (`movement.sql`): rules cannot ask for less."""
DOCUMENT_DAYS = 180
"""A document that ended longer ago is a matter for the steward, not for tomorrow's call."""


class Direction(models.TextChoices):
    BOTH = "both", _("In and out")
    IN = "in", _("In")
    OUT = "out", _("Out")


class GoesTo(models.TextChoices):
    LEAD = "lead", _("Lead manager, else the head of the unit")
    HEAD = "head", _("Head of the unit")


@dataclass(frozen=True, slots=True)
class Value:
    """A value that rules have. Numbers lie between `low` and `high`, both included."""

    name: str
    label: Label
    low: int = 0
    high: int = 0
    is_money: bool = False
    choices: tuple[tuple[str, Label], ...] = ()


DAYS_AHEAD = Value("days_ahead", _("Days ahead"), 0, 180)
AMOUNT = Value("min_amount", _("From this amount"), 0, 10**12, is_money=True)
DAYS_OVERDUE = Value("min_days", _("Days overdue from"), 1, 3_650)
DIRECTION = Value("direction", _("In or out"), choices=tuple((one.value, one.label) for one in Direction))
DUE_DAYS = Value("due_days", _("Task due in working days"), 0, 60)
GOES_TO = Value("goes_to", _("Task goes to"), choices=tuple((one.value, one.label) for one in GoesTo))
VALUES = {one.name: one for one in (DAYS_AHEAD, AMOUNT, DAYS_OVERDUE, DIRECTION, DUE_DAYS, GOES_TO)}

Stored = int | Decimal | str


@dataclass(frozen=True, slots=True)
class RuleKind:
    """A kind of alert for one business line, or for all. `first` is what the head office begins with."""

    kind: AlertKind
    line: str
    first: Mapping[str, Stored]
    lows: Mapping[str, int]

    @property
    def key(self) -> tuple[str, str]:
        """How rules name it."""
        return self.kind.value, self.line

    @property
    def code(self) -> str:
        """The same for an address."""
        return f"{self.kind.value}-{self.line}" if self.line else self.kind.value

    @property
    def label(self) -> str:
        """Its name, with the line where it has one."""
        name = str(self.kind.label)
        return f"{name} · {BusinessLine(self.line).label}" if self.line else name

    @property
    def values(self) -> tuple[Value, ...]:
        """The values that rules of this kind have, in the order of the page."""
        return tuple(value for name, value in VALUES.items() if name in self.first)

    def low(self, value: Value) -> int:
        """The least that a value may be in rules of this kind."""
        return self.lows.get(value.name, value.low)


def _kind(kind: AlertKind, line: str = "", *, lows: Mapping[str, int] | None = None, **first: Stored) -> RuleKind:
    return RuleKind(kind, line, {**first, "goes_to": GoesTo.LEAD.value}, lows or {})


def _movement(line: BusinessLine, amount: int) -> RuleKind:
    return _kind(
        AlertKind.LARGE_MOVEMENT,
        line.value,
        lows={"min_amount": MOVEMENT_FLOOR},
        min_amount=Decimal(amount),
        direction=Direction.BOTH.value,
        due_days=2,
    )


RULE_KINDS = (
    _kind(AlertKind.DEPOSIT_MATURITY, days_ahead=15, min_amount=Decimal(100_000), due_days=3),
    _kind(AlertKind.WEALTH_MATURITY, days_ahead=10, min_amount=Decimal(50_000), due_days=3),
    _kind(AlertKind.LOAN_MATURITY, days_ahead=30, min_amount=Decimal(0), due_days=5),
    _kind(AlertKind.CONTINGENT_MATURITY, days_ahead=15, min_amount=Decimal(0), due_days=5),
    _kind(AlertKind.FACILITY_EXPIRY, days_ahead=60, min_amount=Decimal(0), due_days=10),
    _movement(BusinessLine.RETAIL, 500_000),
    _movement(BusinessLine.CREDIT_CARD, 500_000),
    _movement(BusinessLine.INCLUSIVE, 1_000_000),
    _movement(BusinessLine.CORPORATE, 5_000_000),
    _movement(BusinessLine.INSTITUTIONAL, 5_000_000),
    _kind(AlertKind.OVERDUE, min_days=1, due_days=1),
    _kind(AlertKind.DOCUMENT_EXPIRY, days_ahead=30, due_days=10),
    _kind(AlertKind.BIRTHDAY, days_ahead=3, due_days=3),
    _kind(AlertKind.CONTACT_DUE, days_ahead=3, due_days=3),
)
BY_KEY = {one.key: one for one in RULE_KINDS}
BY_CODE = {one.code: one for one in RULE_KINDS}
