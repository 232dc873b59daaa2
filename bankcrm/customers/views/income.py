"""The tab of income."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bankcrm.core.ui.charts import Chart, Series
from bankcrm.core.views import Request, page
from bankcrm.customers.queries.income import MEASURES, Income, income
from bankcrm.customers.views.opened import answer, asked_month, found


@page("customers.income", methods=("GET", "HEAD"))
def income_tab(request: Request, number: str) -> HttpResponse:
    """Interest received and paid and net fees: month, year, last twelve months, by product class."""
    who = found(request, number)
    shown = income(who, asked_month(request))
    return answer(request, who, "income", {"income": shown, "chart": income_chart(shown)})


def income_chart(shown: Income) -> Chart:
    """The measures month by month, beside one another."""
    labels = [str(label) for label, _signs in MEASURES.values()]
    return Chart(
        code="income",
        kind="bar",
        label=_("Income by month"),
        categories=[row.month[2:] for row in shown.months],
        series=[Series(label, [row.amounts[place] for row in shown.months]) for place, label in enumerate(labels)],
        head=_("Month"),
    )
