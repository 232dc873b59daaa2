"""Figures as people read them: the user's unit of money, thousands separators, rise and fall."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bankcrm.core.money import to_fen
from bankcrm.core.ui.states import State

# size of the unit in base currency: (name for CNY, name for other currencies, digits after the point)
UNITS: dict[int, tuple[Promise, Promise | str, int]] = {
    1: (_("yuan"), "", 2),
    10_000: (_("10,000 yuan"), _("10,000"), 2),
    100_000_000: (_("100 million yuan"), _("100 million"), 4),
}


def grouped(scaled: int, digits: int) -> str:
    """An integer that counts units of 10**-digits, with separators: 1234567, 2 → `12,345.67`. Zero is just `0`."""
    if scaled == 0:
        return "0"
    whole, fraction = divmod(abs(scaled), 10**digits)
    text = f"{whole:,}.{fraction:0{digits}d}" if digits else f"{whole:,}"
    return f"−{text}" if scaled < 0 else text


@dataclass(frozen=True, slots=True)
class MoneyFormat:
    """How one user reads amounts. All arithmetic is in whole fen, rounded half-up at the end."""

    size: int = 10_000
    currency: str = "CNY"

    @property
    def digits(self) -> int:
        """Digits after the point."""
        return UNITS[self.size][2]

    @property
    def label(self) -> str:
        """The unit's name, which stands once in the head of a column or card."""
        yuan, other, _digits = UNITS[self.size]
        return str(yuan) if self.currency == "CNY" else f"{other} {self.currency}".strip()

    def fen(self, fen: int | None) -> str:
        """The amount of so many fen in this unit; empty for None."""
        if fen is None:
            return ""
        step = self.size * 100 // 10**self.digits
        scaled = (abs(fen) * 2 + step) // (2 * step)
        if fen and not scaled:  # something is there, though less than this unit shows: not the same as zero
            return f"{'−' if fen < 0 else ''}0.{'0' * self.digits}"
        return grouped(-scaled if fen < 0 else scaled, self.digits)

    def text(self, value: Decimal | None) -> str:
        """The amount in this unit; empty for None."""
        return "" if value is None else self.fen(to_fen(value))

    def scaled(self, value: Decimal | None) -> float | None:
        """The amount in this unit for a picture, where half a fen does not show."""
        return None if value is None else float(round(value / self.size, self.digits + 2))


_base_currency: list[Callable[[], str]] = []


def register_base_currency(provider: Callable[[], str]) -> None:
    """Tells where the bank's base currency comes from; without it, CNY."""
    _base_currency[:] = [provider]


def reader_format(user: Any) -> MoneyFormat:
    """The unit that a user chose; 10,000 for somebody who is not logged in."""
    size = int(getattr(user, "money_unit", "") or 10_000)
    return MoneyFormat(size if size in UNITS else 10_000, _base_currency[0]() if _base_currency else "CNY")


def percent(value: Decimal | float | None, digits: int = 1) -> str:
    """0.0312 → `3.1%`; empty for None."""
    return "" if value is None else f"{value * 100:,.{digits}f}%".replace("-", "−")


def change_html(current: Decimal | int | None, previous: Decimal | int | None) -> SafeString | State | str:
    """The change against a former value, in per cent, with its sign. From nothing to something has no percentage."""
    if current is None or previous is None:
        return State.NONE
    difference = Decimal(current) - Decimal(previous)
    if difference == 0:
        return "0.0%"
    direction = "up" if difference > 0 else "down"
    if previous == 0:
        return format_html('<span class="{}">{}</span>', direction, _("from 0"))
    return format_html('<span class="{}">{}</span>', direction, percent(abs(difference / Decimal(previous))))


def rise_html(fen: int | None, money: MoneyFormat) -> SafeString | State | str:
    """A difference of money in fen: ▲ or ▼ and the amount without its sign."""
    if fen is None:
        return State.NONE
    if fen == 0:
        return "0"
    return format_html('<span class="{}">{}</span>', "up" if fen > 0 else "down", money.fen(abs(fen)))
