"""Tags for the pieces of a page: icons, figures, states, breadcrumb, tabs, charts, form fields."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, SelectMultiple
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bankcrm.core.ui.charts import Chart
from bankcrm.core.ui.figures import MoneyFormat, change_html, percent, rise_html
from bankcrm.core.ui.states import State

register = template.Library()


def money_format(context: Context) -> MoneyFormat:
    """The reader's unit of money."""
    frame = context.get("frame")
    return frame.money if frame is not None else MoneyFormat()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the set; with a label it speaks for itself, without one it is decoration beside words."""
    if label:
        return format_html('<i class="ti ti-{}" role="img" aria-label="{}" title="{}"></i>', name, label, label)
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.simple_tag(takes_context=True)
def money(context: Context, value: Decimal | State | None) -> str | State:
    """An amount in the reader's unit; no value says so."""
    if isinstance(value, State):
        return value
    # What a template does not find is an empty text: no value either.
    return State.NONE if not isinstance(value, Decimal | int) else money_format(context).text(Decimal(value))


@register.simple_tag(takes_context=True)
def money_fen(context: Context, fen: int | None) -> str | State:
    """The same for an amount in fen."""
    return money_format(context).fen(fen) if isinstance(fen, int) else State.NONE


@register.simple_tag(takes_context=True)
def money_unit(context: Context) -> SafeString:
    """The unit's name, once in the head of a column or card."""
    return format_html('<span class="unit">{}</span>', money_format(context).label)


@register.simple_tag
def change(current: Decimal | None, previous: Decimal | None) -> SafeString | State | str:
    """The change against a former value in per cent, with ▲ or ▼."""
    return change_html(current, previous)


@register.simple_tag(takes_context=True)
def rise(context: Context, fen: int | None) -> SafeString | State | str:
    """A difference of money in fen, with ▲ or ▼."""
    return rise_html(fen, money_format(context))


@register.simple_tag
def state(code: str) -> State:
    """`none`, `denied` or `undelivered` in words; zero is a value, not a state."""
    return State(code)


@register.filter
def known(value: Any) -> Any:
    """The value, or "no data" where there is none. Zero is a value."""
    return State.NONE if value is None or value == "" else value


@register.filter
def count(value: int | None) -> str:
    """A number of things with its thousands parted; none counts as 0."""
    return f"{value or 0:,}"


@register.filter
def amount(value: Decimal | str | None) -> str | State:
    """An exact amount with its thousands parted and two decimals, not in the reader's unit: control totals."""
    return State.NONE if value in (None, "") else f"{Decimal(value):,.2f}"


@register.filter
def as_percent(value: Decimal | float | None, digits: int = 1) -> str | State:
    """0.0312 → 3.1%."""
    return State.NONE if value is None else percent(value, digits)


@register.inclusion_tag("core/_breadcrumb.html")
def breadcrumb(*parts: Any) -> dict[str, Any]:
    """Pairs of label and URL (a name, or a path that begins with `/`), then the label of this page."""
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    links = [(label, url if str(url).startswith("/") else reverse(str(url))) for label, url in pairs]
    return {"links": links, "here": parts[-1] if len(parts) % 2 else ""}


@register.inclusion_tag("core/_tabs.html")
def tabs(items: Sequence[Any], target: str = "") -> dict[str, Any]:
    """Tabs: objects with label, url, is_active and, if they like, count. `target` is the id that htmx fills."""
    return {"items": items, "target": target}


@register.inclusion_tag("core/_empty.html")
def empty(say: str, advice: str = "", name: str = "mood-empty") -> dict[str, str]:
    """What stands in place of an empty list: what is (not) here, and what to do."""
    return {"say": say, "advice": advice, "icon": name}


@register.inclusion_tag("core/_chart.html", takes_context=True)
def chart(context: Context, picture: Chart) -> dict[str, Any]:
    """A chart with its table. Pages that use it load the scripts with `{% include "core/_chart_scripts.html" %}`."""
    shown = money_format(context)
    return {
        "chart": picture,
        "spec": picture.spec(shown),
        "rows": picture.rows(shown),
        "spec_id": f"{picture.code}-data",
    }


@register.inclusion_tag("core/_field.html")
def field(bound: BoundField, css: str = "") -> dict[str, Any]:
    """A form field: label, control, help, errors, tied together for screen readers."""
    widget = bound.field.widget
    is_group = isinstance(widget, CheckboxSelectMultiple | RadioSelect)
    described = [f"{bound.id_for_label}-help"] if bound.help_text else []
    attributes: dict[str, str | bool] = {"class": _control_class(widget)}
    if bound.errors:
        described.append(f"{bound.id_for_label}-errors")
        attributes["aria-invalid"] = "true"
    if described and not is_group:
        attributes["aria-describedby"] = " ".join(described)
    if widget.attrs.get("class"):
        attributes["class"] = f"{attributes['class']} {widget.attrs['class']}"
    return {
        "field": bound,
        "control": bound.as_widget(attrs=attributes),
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": is_group,
        "css": css,
    }


def _control_class(widget: Any) -> str:
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        return "form-check-input"
    if isinstance(widget, Select | SelectMultiple):
        return "form-select"
    return "form-control"
