"""The pictures of the customer page."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from bankcrm.core.ui.charts import Chart, Series
from bankcrm.customers.queries.header import FIGURE_LABELS, Header
from bankcrm.customers.queries.holdings import CurvePoint, daily

PERSON_LINES = ("aum_average", "deposit_average", "loan_average")
ORGANISATION_LINES = ("deposit_average", "loan_average")


def trend_chart(head: Header) -> Chart:
    """Month averages of the last months. A line that never left zero is left out, but for the first."""
    names = PERSON_LINES if head.customer.is_person else ORGANISATION_LINES
    rows = head.trend.months
    series = [
        Series(str(FIGURE_LABELS[name]), [getattr(row.figures, name) for row in rows], area=place == 0)
        for place, name in enumerate(names)
        if place == 0 or any(getattr(row.figures, name) for row in rows)
    ]
    return Chart(
        code="trend",
        kind="line",
        label=_("Month averages of the last 13 months"),
        categories=[row.month[2:] for row in rows],
        series=series,
        head=_("Month"),
    )


def balance_chart(points: Sequence[CurvePoint], until: date, currency: str, base_currency: str) -> Chart:
    """Day-end balances of one holding. In another currency than the bank's own they are shown in whole units of it."""
    days = daily(points, until)
    is_base = currency == base_currency
    values: list[Decimal | int | None] = [point.balance if is_base else round(point.balance) for point in days]
    return Chart(
        code="balance",
        kind="line",
        label=_("Day-end balances of the last 400 days"),
        categories=[point.on.isoformat() for point in days],
        series=[Series(_("Balance") if is_base else f"{_('Balance')} ({currency})", values, area=True, step=True)],
        is_money=is_base,
        head=_("Day"),
    )
