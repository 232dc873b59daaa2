"""REST routes of customers: the same queries, masks and records as the pages."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Status

from bankcrm.core.api import Number, Paging, allowed, amount, bad_place, read_token, token_of
from bankcrm.core.search import record_search
from bankcrm.core.ui.figures import MoneyFormat
from bankcrm.core.ui.paging import Place
from bankcrm.core.ui.states import State
from bankcrm.core.views import Request
from bankcrm.customers import api_schemas as schemas
from bankcrm.customers import tables
from bankcrm.customers.actions.contacts import NextStep, log_interaction
from bankcrm.customers.actions.viewing import record_view
from bankcrm.customers.filters import UNASSIGNED, managers
from bankcrm.customers.forms import TransactionFilterForm
from bankcrm.customers.list_state import ALL, MINE, ListState
from bankcrm.customers.models import Customer, Holding, Interaction
from bankcrm.customers.queries import holdings as held
from bankcrm.customers.queries import listing
from bankcrm.customers.queries import transactions as moved
from bankcrm.customers.queries.basic import Basic, basic
from bankcrm.customers.queries.contacts import interactions
from bankcrm.customers.queries.gate import NotVerifiedError
from bankcrm.customers.queries.header import Header, header
from bankcrm.customers.queries.permitted import marketable_contacts
from bankcrm.customers.queries.search import Hit, by_phone, search
from bankcrm.customers.queries.subject import Subject, subject
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import user_of, visible_units

router = Router(tags=["customers"])
NumberInPath = Annotated[Number, Path()]
Needle = Annotated[str, Query(min_length=1, max_length=60, pattern=r"^[^\u0000]*$")]
SHOWN_FIGURES = (*listing.MONEY_FIGURES, "product_count", "holding_count")


def _found(request: Request, number: str) -> Subject:
    try:
        return subject(request.scope, number)
    except Customer.DoesNotExist:
        raise Http404(number) from None


def _opened(request: Request, number: str) -> Subject:
    """The customer, unless a caller would have to be verified first: that is done on the page, by questions."""
    who = _found(request, number)
    if not who.is_verified:
        raise NotVerifiedError(who)
    return who


def _page(number: str) -> str:
    return reverse("customers:overview", args=[number])


def _unit(unit: OrgUnit) -> schemas.UnitRef:
    return schemas.UnitRef(code=unit.code, name=unit.label)


@router.get("/customers", response=schemas.CustomerPage, url_name="customers")
@allowed("customers.list")
def customer_list(request: Request, wanted: Query[schemas.ListFilter]) -> schemas.CustomerPage:
    """Customers in scope, filtered and sorted as on the page of the list."""
    params = _list_params(request, wanted)
    money = MoneyFormat(size=1)
    state = ListState(params, scope=request.scope, money=money, list_code=MINE if wanted.mine else ALL)
    if not state.form.is_valid():
        raise ValidationError({name: list(errors) for name, errors in state.form.errors.items()})
    sort = ("-" if state.is_descending else "") + state.sort_code
    if wanted.sort and wanted.sort != sort:
        raise ValidationError({"sort": _("The list cannot be sorted that way.")})
    token = _list_place(wanted.after, sort, state.sort)
    found = listing.page(
        state.sorted_parts, state.sort, is_descending=state.is_descending, token=token, size=wanted.size
    )
    on = tables.setting(request.scope, money, found.rows, [])
    return schemas.CustomerPage(
        items=[_line(row, on) for row in found.rows], next=token_of(sort, found.next) if found.next else ""
    )


def _list_params(request: Request, wanted: schemas.ListFilter) -> QueryDict:
    """The filter in the words of the page's address, which names units and managers by their keys."""
    params = QueryDict(mutable=True)
    given = wanted.model_dump(exclude={"after", "size", "mine", "unit", "manager"})
    for name, value in given.items():
        texts = value if isinstance(value, list) else [_text(value)]
        params.setlist(name, texts)
    if wanted.unit:
        unit = visible_units(request.scope).filter(code=wanted.unit).first()
        if unit is None:
            raise ValidationError({"unit": _("There is no such unit in your scope.")})
        params["unit"] = str(unit.pk)
    if wanted.manager:
        params["manager"] = wanted.manager
        if wanted.manager != UNASSIGNED:
            user = managers(request.scope).filter(username=wanted.manager).first()
            if user is None:
                raise ValidationError({"manager": _("There is no such manager in your scope.")})
            params["manager"] = str(user.pk)
    params["u"] = "1"
    return params


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "on" if value is True else str(value)


def _list_place(after: str, sort_text: str, sort: listing.Sort) -> str:
    """The page's own place inside `after`, which also names the sort it belongs to."""
    if not after:
        return ""
    named, token = read_token(after, str, str)
    place = Place.read(token)
    if named != sort_text or place is None or place.is_back:
        raise bad_place()
    try:
        if place.value is not None:
            sort.parse(place.value)
            str(place.value).encode()
        elif not sort.nullable:
            raise ValueError(token)
    except ValueError as error:
        raise bad_place() from error
    return str(token)


def _line(row: Customer, on: tables.Setting) -> schemas.CustomerLine:
    figures = {code: on.figure(row, code) for code in SHOWN_FIGURES}
    return schemas.CustomerLine(
        number=row.number,
        name=on.name(row),
        kind=row.kind,
        line=row.line,
        status=row.status,
        unit=_unit(row.owning_unit),
        lead=row.lead.label if row.lead else None,
        since_on=row.since_on,
        last_contact_on=row.last_contact_on,
        figures={code: None if isinstance(value, State) else amount(value) for code, value in figures.items()},
        page=on.url(row),
    )


@router.get("/customers/search", response=schemas.Hits, url_name="customer-search")
@allowed("customers.search")
def customer_search(request: Request, q: Needle) -> schemas.Hits:
    """Customers by part of a name, pinyin, initials, or a number in full."""
    hits = search(request.scope, q)
    record_search(request.scope, q, len(hits), [hit.customer.pk for hit in hits])
    return schemas.Hits(items=[_hit(hit) for hit in hits])


def _hit(hit: Hit) -> schemas.HitLine:
    return schemas.HitLine(
        number=hit.customer.number,
        name=hit.name,
        kind=hit.customer.kind,
        unit=_unit(hit.customer.owning_unit),
        why=str(hit.why),
        shown=hit.shown,
        page=_page(hit.customer.number),
    )


@router.get("/customers/pop", response=schemas.Pops, url_name="customer-pop")
@allowed("customers.search")
def customer_pop(request: Request, phone: Needle) -> schemas.Pops:
    """Whom a call comes from: by the whole phone number."""
    hits = by_phone(request.scope, phone)
    record_search(request.scope, phone, len(hits), [hit.customer.pk for hit in hits])
    people = [(hit.customer.number, hit.name) for hit in hits]
    return schemas.Pops(items=[schemas.Pop(number=number, name=name, page=_page(number)) for number, name in people])


@router.get("/customers/{number}", response=schemas.CustomerDetail, url_name="customer")
@allowed("customers.view")
def customer(request: Request, number: NumberInPath) -> schemas.CustomerDetail:
    """Head and basic information of a customer."""
    who = _opened(request, number)
    shown = _detail(header(who), basic(who))
    record_view(scope=request.scope, customer=who.customer, tab="basic")
    return shown


def _detail(head: Header, about: Basic) -> schemas.CustomerDetail:
    row = head.customer
    usable = marketable_contacts(row)
    return schemas.CustomerDetail(
        number=row.number,
        name=head.name,
        kind=row.kind,
        line=row.line,
        status=row.status,
        unit=_unit(row.owning_unit),
        since_on=row.since_on,
        last_contact_on=row.last_contact_on,
        marks=[mark.code for mark in head.marks],
        lookers=[
            schemas.Looker(
                name=str(one.name), role=str(one.role), share=amount(one.share) or "0", is_virtual=one.is_virtual
            )
            for one in head.lookers
        ],
        figures_state=str(head.state),
        figures={one.code: amount(one.value) for one in head.figures},
        fields=[
            schemas.FieldValue(code=line.field.name, label=str(line.field.label), value=line.text)
            for line in about.lines
        ],
        documents=[
            schemas.Document(
                label=str(one.label), number=one.number, expires_on=one.expires_on, is_primary=one.is_primary
            )
            for one in about.documents
        ],
        contacts=[schemas.Contact.of(one, usable) for one in about.contacts],
        page=_page(row.number),
    )


@router.get("/customers/{number}/holdings", response=schemas.HoldingsAnswer, url_name="customer-holdings")
@allowed("customers.figures")
def customer_holdings(request: Request, number: NumberInPath) -> schemas.HoldingsAnswer:
    """Accounts and products of a customer."""
    who = _opened(request, number)
    found = held.holdings(who)
    record_view(scope=request.scope, customer=who.customer, tab="accounts")
    return schemas.HoldingsAnswer(
        state=str(found.state),
        items=[_holding(line) for group in found.groups for line in group.lines],
        closed=[_holding(line) for line in found.closed],
        elsewhere=[
            schemas.Elsewhere(
                product_class=group.product_class,
                count=group.elsewhere_count,
                balance_base=_sum(group.elsewhere_balance),
                average_base=_sum(group.elsewhere_average),
            )
            for group in found.groups
            if group.elsewhere_count
        ],
    )


def _sum(value: Decimal) -> str:
    return amount(value) or "0"


def _holding(line: held.HoldingLine) -> schemas.HoldingLine:
    return schemas.HoldingLine(
        id=line.pk,
        account=line.account,
        product=str(line.product),
        product_class=line.product_class,
        unit=line.unit,
        currency=line.currency,
        status=line.status,
        opened_on=line.opened_on,
        matures_on=line.matures_on,
        rate=amount(line.rate),
        balance=amount(line.balance),
        balance_base=_sum(line.balance_base),
        average_base=_sum(line.average_base),
    )


@router.get("/customers/{number}/transactions", response=schemas.TransactionPage, url_name="customer-transactions")
@allowed("customers.transactions")
def customer_transactions(
    request: Request, number: NumberInPath, wanted: Query[schemas.TransactionFilter]
) -> schemas.TransactionPage:
    """Transactions of a customer in a period, the newest first."""
    who = _opened(request, number)
    rows, period = moved.visible_holdings(who), moved.default_period()
    asked = _transaction_filter(wanted, rows)
    narrowed = asked.wanted(period)
    found = moved.transactions(who, narrowed, rows, _transaction_place(wanted.after), size=wanted.size)
    record_view(scope=request.scope, customer=who.customer, tab="transactions")
    return schemas.TransactionPage(
        state=str(found.state),
        from_on=narrowed.from_on,
        to_on=narrowed.to_on,
        items=[_transaction(line) for line in found.lines],
        next=found.next,
    )


def _transaction_filter(wanted: schemas.TransactionFilter, rows: list[Holding]) -> TransactionFilterForm:
    data = {name: _text(value) for name, value in wanted.model_dump(exclude={"after", "size"}).items()}
    form = TransactionFilterForm(data, holdings=[(row, "") for row in rows])
    if not form.is_valid():
        raise ValidationError({name: list(errors) for name, errors in form.errors.items()})
    return form


def _transaction_place(after: str) -> moved.Place | None:
    if not after:
        return None
    read_token(after, str, str)  # what the lake is asked must be plain text
    place = moved.Place.read(after)
    if place is None:
        raise bad_place()
    return place


def _transaction(line: moved.TransactionLine) -> schemas.TransactionLine:
    return schemas.TransactionLine(
        on=line.on,
        at=line.at,
        holding=line.holding_id,
        account=line.account,
        is_credit=line.is_credit,
        amount=_sum(line.amount),
        currency=line.currency,
        balance_after=amount(line.balance_after),
        kind=str(line.kind),
        channel=str(line.channel),
        counterparty=line.counterparty,
        counterparty_account=line.counterparty_account,
        counterparty_bank=line.counterparty_bank,
        summary=line.summary,
    )


@router.get("/customers/{number}/interactions", response=schemas.InteractionPage, url_name="customer-interactions")
@allowed("customers.interactions.view")
def customer_interactions(request: Request, number: NumberInPath, wanted: Query[Paging]) -> schemas.InteractionPage:
    """Contacts with a customer, the newest first."""
    who = _opened(request, number)
    rows, has_more = interactions(who, _interaction_place(wanted.after), wanted.size)
    record_view(scope=request.scope, customer=who.customer, tab="contacts")
    token = token_of(rows[-1].happened_at.isoformat(), rows[-1].id) if has_more else ""
    return schemas.InteractionPage(items=[_interaction(row) for row in rows], next=token)


def _interaction_place(after: str) -> tuple[datetime, int] | None:
    if not after:
        return None
    moment, pk = read_token(after, str, int)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError as error:
        raise bad_place() from error
    if at.tzinfo is None or not 1 < at.year < 9999:
        raise bad_place()
    return at, pk


def _interaction(row: Interaction) -> schemas.InteractionLine:
    return schemas.InteractionLine(
        id=row.id,
        happened_at=row.happened_at,
        kind=row.kind,
        outcome=row.outcome,
        subject=row.subject,
        note=row.note,
        contact_person=row.contact_person,
        by=row.by.label,
    )


@router.post("/customers/{number}/interactions", response={201: schemas.InteractionLine}, url_name="log-interaction")
@allowed("customers.interactions.log")
def log_contact(
    request: Request, number: NumberInPath, contact: schemas.InteractionIn
) -> Status[schemas.InteractionLine]:
    """Logs a contact, with the next step if there is one."""
    who = _found(request, number)
    step = contact.next_step
    try:
        made = log_interaction(
            by=user_of(request),
            scope=request.scope,
            number=who.customer.number,
            kind=contact.kind,
            outcome=contact.outcome,
            happened_at=contact.happened_at,
            subject_text=contact.subject,
            note=contact.note,
            contact_person=contact.contact_person,
            next_step=NextStep(step.title, step.due_at) if step else None,
        )
    except ValidationError as error:
        texts = {f"next_step.{name}" if name in ("title", "due_at") else name: errors
                 for name, errors in error.message_dict.items()}  # fmt: skip
        raise ValidationError(texts) from error
    return Status(201, _interaction(made))
