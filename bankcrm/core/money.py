"""Money: Decimal in, Decimal out; rounding half-up and only where a figure is shown or stored."""

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")


class MoneyUnit(StrEnum):
    """The unit in which a user wants to read figures."""

    YUAN = "yuan"
    WAN = "wan"
    YI = "yi"


UNIT_SIZE: dict[MoneyUnit, Decimal] = {
    MoneyUnit.YUAN: Decimal(1),
    MoneyUnit.WAN: Decimal(10_000),
    MoneyUnit.YI: Decimal(100_000_000),
}
UNIT_LABEL: dict[MoneyUnit, Promise] = {
    MoneyUnit.YUAN: _("yuan"),
    MoneyUnit.WAN: _("10,000 yuan"),
    MoneyUnit.YI: _("100 million yuan"),
}


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Half-up, away from zero: 0.125 → 0.13, −0.125 → −0.13. That is what banks print."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def to_fen(value: Decimal) -> int:
    """Hundredths of the currency unit, for columns that lists filter and sort by."""
    return int(rounded(value * 100, 0))


def from_fen(fen: int) -> Decimal:
    """The amount of that many hundredths."""
    return (Decimal(fen) / 100).quantize(CENT)


def in_unit(value: Decimal, unit: MoneyUnit | str = MoneyUnit.YUAN, places: int = 2) -> Decimal:
    """The amount in that unit, rounded for show."""
    return rounded(value / UNIT_SIZE[MoneyUnit(unit)], places)


def formatted(value: Decimal | None, unit: MoneyUnit | str = MoneyUnit.YUAN, places: int = 2) -> str:
    """With thousands separators and a real minus sign: `−1,234.50`. Nothing for None: the page says why."""
    if value is None:
        return ""
    shown = in_unit(value, unit, places)
    return f"{shown:,.{places}f}".replace("-", "−") if shown else f"{0:.{places}f}"
