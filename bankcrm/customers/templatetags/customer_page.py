"""How amounts, shares and rates of one customer are written."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.template.context import Context

from bankcrm.core.masking import Right
from bankcrm.core.money import formatted
from bankcrm.core.ui.states import State
from bankcrm.customers import sources
from bankcrm.customers.queries.reveals import REVEAL, REVEALABLE
from bankcrm.customers.queries.subject import Subject

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


@register.inclusion_tag("customers/_reveal.html", takes_context=True)
def reveal(context: Context, field_class: str) -> dict[str, Any]:
    """The eye beside a masked value: asks to see that kind of data whole; or says that it is shown for now."""
    who: Subject | None = context.get("subject")
    if who is None or field_class not in REVEALABLE or not who.scope.may(REVEAL):
        return {"state": ""}
    right = who.clearance.right(field_class)
    state = "shown" if field_class in who.revealed else "ask" if right is Right.MASKED else ""
    return {"state": state, "field_class": field_class, "label": REVEALABLE[field_class], "customer": who.customer}
