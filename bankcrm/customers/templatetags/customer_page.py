"""How amounts, shares and rates of one customer are written."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template

from bankcrm.core.money import formatted
from bankcrm.core.ui.states import State
from bankcrm.customers import sources
from bankcrm.customers.fields import Field, FieldKind

register = template.Library()


@register.filter
def amount(value: Decimal | None) -> str | State:
    """An amount in its own currency, to the cent: `1,234.50`."""
    return State.NONE if value is None else formatted(value)


@register.filter
def share(value: Decimal | None) -> str:
    """A share without idle zeros: 0.7 → 70%, 0.3333 → 33.33%. Empty for None."""
    if value is None:
        return ""
    return f"{(value * 100).quantize(Decimal('0.01')).normalize():f}%"


@register.filter
def annual_rate(value: Decimal | None) -> str | State:
    """An annual rate with two to four places: 0.0315 → 3.15%."""
    if value is None:
        return State.NONE
    exact = (value * 100).quantize(Decimal("0.0001"))
    rough = exact.quantize(Decimal("0.01"))
    return f"{rough if rough == exact else exact.normalize()}%"


@register.filter
def beside(values: Sequence[Any], others: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Pairs of two rows of equal length, to be written cell by cell."""
    return list(zip(values, others, strict=True))


@register.filter
def system(codes: str) -> str:
    """What people call one or several source systems: `CORE` → 核心系统."""
    return sources.named(codes)


@register.filter
def field_text(text: str, field: Field) -> str:
    """The stored text of a field in words: choices by their label, amounts with separators."""
    if field.kind is FieldKind.CHOICE and field.choices is not None:
        return str(dict(field.choices.choices).get(text, text))
    return formatted(Decimal(text)) if field.kind is FieldKind.MONEY and text else text
