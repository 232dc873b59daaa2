"""The floor of list pages: a plain Django view of the same rows, as one writes it on the first day.

Django's own middleware with session and login; one query with its joins, one count, one table. No scope, no masking, no
audit, no frame around it, no translation, no choice of columns. Addresses: /bare/?sort=-aum_end&kind=person.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TABLE = """<!doctype html><html><head><title>Customers</title></head><body><p>{{ count }}</p><table>
{% for row in rows %}<tr><td><a href="/customers/{{ row.number }}/">{{ row.number }}</a></td><td>{{ row.name }}</td>
<td>{{ row.get_kind_display }}</td><td>{{ row.owning_unit.name }}</td><td>{{ row.lead.name }}</td>
<td>{{ row.figures.aum_end }}</td><td>{{ row.figures.aum_average }}</td><td>{{ row.figures.deposit_average }}</td>
<td>{{ row.figures.loan_end }}</td><td>{{ row.figures.product_count }}</td><td>{{ row.last_contact_on }}</td></tr>
{% endfor %}</table></body></html>"""
CAP = 10_001


@login_required
def bare_list(request: HttpRequest) -> HttpResponse:
    """Twenty customers by one sort and filter, and how many there are, up to the cap that the product has, too."""
    from django.db.models import F

    from bankcrm.customers.models import Customer
    from bankcrm.customers.queries.listing import SORTS

    word = request.GET["sort"]
    sort = SORTS[word.removeprefix("-")]
    rows = Customer.objects.everything(because="benchmark")
    if kind := request.GET.get("kind"):
        rows = rows.filter(kind=kind)
    if least := request.GET.get("aum_end_fen"):
        rows = rows.filter(figures__aum_end_fen__gte=int(least))
    low, high = request.GET.get("low"), request.GET.get("high")
    if low and high:
        rows = rows.filter(unit_no__gte=int(low), unit_no__lt=int(high))
    tie = "figures__customer_id" if sort.is_figure else "pk"
    order: list[Any] = [F(sort.path), F(tie)]
    found = rows.filter(**{f"{sort.path}__isnull": False}).select_related("figures", "owning_unit", "lead")
    if word.startswith("-"):
        order = [one.desc() for one in order]
    context = {"rows": found.order_by(*order)[:20], "count": rows.order_by().values("pk")[:CAP].count()}
    return HttpResponse(_template().render(context))


_made: list[Any] = []


def _template() -> Any:
    if not _made:
        _made.append(engines["django"].from_string(TABLE))
    return _made[0]


urlpatterns = [path("bare/", bare_list)]
