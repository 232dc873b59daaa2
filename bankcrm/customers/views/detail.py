"""The tabs of the customer page that only read."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime

from bankcrm.core.views import Request, page
from bankcrm.customers.charts import balance_chart
from bankcrm.customers.forms import TransactionFilterForm
from bankcrm.customers.models import Holding, StaffEntry
from bankcrm.customers.queries.basic import basic
from bankcrm.customers.queries.by_hand import entries
from bankcrm.customers.queries.consents import consents, marketing_refusals
from bankcrm.customers.queries.contact_plan import contact_plan
from bankcrm.customers.queries.contacts import contacts
from bankcrm.customers.queries.credit import credit
from bankcrm.customers.queries.holdings import holding_detail, holdings
from bankcrm.customers.queries.lake import published
from bankcrm.customers.queries.orders import standing_orders
from bankcrm.customers.queries.relations import relation_graph
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.queries.trade import particulars
from bankcrm.customers.queries.transactions import (
    Filter,
    Place,
    default_period,
    totals,
    transactions,
    visible_holdings,
)
from bankcrm.customers.queries.transfer import transfer_price
from bankcrm.customers.views.opened import answer, asked_month, found

LATEST = 20


@page("customers.view", methods=("GET", "HEAD"))
def basic_tab(request: Request, number: str) -> HttpResponse:
    """Who the customer is, and who says so."""
    who = found(request, number)
    added = entries(who, (StaffEntry.Kind.CONTACT_POINT, StaffEntry.Kind.DOCUMENT))
    may_edit = request.scope.may("customers.edit")
    context = {"basic": basic(who), "consents": consents(who), "may_edit": may_edit, "entries": added}
    return answer(request, who, "basic", context)


@page("customers.figures", methods=("GET", "HEAD"))
def accounts_tab(request: Request, number: str) -> HttpResponse:
    """Accounts and products by class."""
    who = found(request, number)
    return answer(request, who, "accounts", {"holdings": holdings(who, asked_month(request))})


@page("customers.figures", methods=("GET", "HEAD"))
def holding_page(request: Request, number: str, holding_id: int) -> HttpResponse:
    """One holding: terms, parties, balances, latest transactions."""
    who = found(request, number)
    try:
        detail = holding_detail(who, holding_id)
    except Holding.DoesNotExist:
        raise Http404(str(holding_id)) from None
    lake, row = published(), detail.holding
    context = {
        "detail": detail,
        "holding": row,
        "transfer": transfer_price(who, row),
        "orders": standing_orders(who, row),
        "trade": particulars(who, row),
    }
    if lake is not None:
        context["chart"] = balance_chart(detail.curve, lake.business_date, row.currency, lake.base_currency)
        if request.scope.may("customers.transactions"):
            first, last = default_period()
            context["latest"] = transactions(who, Filter(first, last, row.pk), [row], size=LATEST)
    return answer(request, who, "holding", context)


def _asked(request: Request, who: Subject) -> tuple[TransactionFilterForm, Filter, list[Holding]]:
    rows, period = visible_holdings(who), default_period()
    labelled = [(row, f"{who.show('account', row.account_number)} {_product(row)}") for row in rows]
    data = request.GET.copy()
    data.setdefault("from_on", period[0].isoformat())
    data.setdefault("to_on", period[1].isoformat())
    form = TransactionFilterForm(data, holdings=labelled)
    wanted = form.wanted(period) if form.is_valid() else Filter(*period)
    return form, wanted, rows


def _product(row: Holding) -> str:
    return str(row.product.label if row.product else row.get_product_class_display())


@page("customers.transactions", methods=("GET", "HEAD"))
def transactions_tab(request: Request, number: str) -> HttpResponse:
    """Transactions, filtered, a page at a time."""
    who = found(request, number)
    form, wanted, rows = _asked(request, who)
    place = Place.read(request.GET.get("after", ""))
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("month", None)
    context = {
        "form": form,
        "wanted": wanted,
        "found": transactions(who, wanted, rows, place) if form.is_valid() else None,
        "query": query.urlencode(),
        "is_first": place is None,
    }
    return answer(request, who, "transactions", context, status=200 if form.is_valid() else 422)


@page("customers.transactions", methods=("GET", "HEAD"))
def transaction_totals(request: Request, number: str) -> HttpResponse:
    """In and out over the whole filter: a piece of its own, since it reads more than a page does."""
    who = found(request, number)
    form, wanted, rows = _asked(request, who)
    state, lines = totals(wanted, rows) if form.is_valid() else (None, ())
    return render(request, "customers/_transaction_totals.html", {"state": state, "totals": lines})


@page("customers.credit", methods=("GET", "HEAD"))
def credit_tab(request: Request, number: str) -> HttpResponse:
    """Facilities, collateral and, for whoever may see them, risk marks."""
    who = found(request, number)
    return answer(request, who, "credit", {"credit": credit(who)})


@page("customers.relations", methods=("GET", "HEAD"))
def relations_tab(request: Request, number: str) -> HttpResponse:
    """Relations as a graph and as a list."""
    who = found(request, number)
    context = {
        "graph": relation_graph(who),
        "may_edit": request.scope.may("customers.edit"),
        "entries": entries(who, (StaffEntry.Kind.RELATION,)),
    }
    return answer(request, who, "relations", context)


def _before(request: Request) -> datetime | None:
    found_at = parse_datetime(request.GET.get("before", "").replace(" ", "+"))
    return found_at if found_at is not None and found_at.tzinfo else None


@page("customers.interactions.view", methods=("GET", "HEAD"))
def contacts_tab(request: Request, number: str) -> HttpResponse:
    """Contacts with the customer, and tasks about it."""
    who = found(request, number)
    before = _before(request)
    context = {
        "contacts": contacts(who, before),
        "refusals": marketing_refusals(who),
        "planned": contact_plan(who),
        "is_first": before is None,
    }
    return answer(request, who, "contacts", context)
