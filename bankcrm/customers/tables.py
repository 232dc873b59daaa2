"""The columns of the customers list: what stands in a cell, for whom, and under which head."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, extensions
from bankcrm.core.masking import Clearance
from bankcrm.core.money import to_fen
from bankcrm.core.scope import Scope
from bankcrm.core.ui.figures import MoneyFormat, rise_html
from bankcrm.core.ui.states import State
from bankcrm.customers import codes
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.listing import DEFAULT_SORT, SORTS, Rights, own_ids, unit_figures
from bankcrm.customers.queries.subject import name_class
from bankcrm.org.clearance import clearance

LIST = "customers"
RECENT_DAYS = 60
ANY_NUMBER = "00000000000"


@dataclass(frozen=True)
class Setting:
    """What the cells of one page need besides their rows, read once for all of them."""

    scope: Scope
    rights: Rights
    money: MoneyFormat
    own: frozenset[int]
    unit_figures: Mapping[int, Mapping[str, Any]]
    added: Mapping[str, Mapping[int, Any]]
    today: date
    clearances: Mapping[bool, Clearance]
    url_pattern: str

    def name(self, customer: Customer) -> str:
        """The customer's name as the reader may see it."""
        return self.clearances[customer.pk in self.own].show(name_class(customer), customer.label)

    def url(self, customer: Customer) -> str:
        """The customer's page. Reversed once for the page of a list, not once a row."""
        return self.url_pattern.replace(ANY_NUMBER, customer.number)

    def figure(self, customer: Customer, code: str) -> Decimal | int | State:
        """A figure of the row: of the whole bank, or of the units in scope for who may not see more."""
        if not self.rights.figures:
            return State.DENIED
        if not self.rights.totals:
            row = self.unit_figures.get(customer.pk)
            return row[code] if row else State.NONE
        figures = getattr(customer, "figures", None)
        return State.NONE if figures is None else getattr(figures, code)


Value = str | int | Decimal | date | State | None
ValueOf = Callable[[Customer, Setting], Value]
Html = Callable[[Customer, Setting, Any], Any]


@dataclass(frozen=True)
class Column:
    """A column: `value` is what exports write, `html` what the page shows where that is more than the value.

    `sort` names one of the sorts; `total` the figure that the totals show under it.
    """

    code: str
    label: str | Promise
    value: ValueOf
    html: Html | None = None
    css: str = ""
    sort: str = ""
    total: str = ""
    is_money: bool = False
    is_default: bool = False
    source: extensions.ListColumn | None = None

    @property
    def is_sensitive(self) -> bool:
        """Whether it names customers or tells what they hold: whoever agrees to a file should see that."""
        return self.code == "customer" or self.is_money or bool(self.total)

    def cell(self, row: Customer, on: Setting) -> Any:
        """What the page shows of a row."""
        value = self.value(row, on)
        if value is None or value == "" or isinstance(value, State):
            return self.html(row, on, None) if self.html and value is None else value or State.NONE
        if self.html:
            return self.html(row, on, value)
        return value.isoformat() if isinstance(value, date) else value


def _customer(row: Customer, on: Setting, name: str) -> SafeString:
    marks: str = ""
    if row.status != Customer.Status.ACTIVE:
        tone = "watch" if row.status == Customer.Status.UNIDENTIFIED else ""
        marks = _html(' <span class="tag {}">{}</span>', tone, row.get_status_display())
    if not on.scope.may("customers.view"):
        return _html("{}{}", name, marks)
    return _html('<a href="{}" class="clip">{}</a>{}', on.url(row), name, marks)


def _figure(code: str) -> ValueOf:
    return lambda row, on: on.figure(row, code)


def _money(row: Customer, on: Setting, value: Any) -> str:
    return on.money.text(Decimal(value))


def _aum_change(row: Customer, on: Setting) -> Value:
    now, before = on.figure(row, "aum_average"), on.figure(row, "aum_average_last_month")
    if isinstance(now, State) or isinstance(before, State):
        return now
    return Decimal(now) - Decimal(before)


def _rise(row: Customer, on: Setting, value: Any) -> Any:
    return State.NONE if value is None else rise_html(to_fen(value), on.money)


def _word(field: str, known: type[TextChoices]) -> ValueOf:
    """The word for a code, looked up once: Django's own `get_…_display` looks through all choices for each cell."""
    words: dict[str, Any] = dict(known.choices)

    def value(row: Customer, on: Setting) -> Value:
        code = getattr(row, field)
        return str(words.get(code, code))

    return value


def _lead(row: Customer, on: Setting) -> str:
    if row.lead is not None:
        return row.lead.label
    return gettext("Shared, no lead") if row.is_covered else gettext("Virtual manager")


def _lead_html(row: Customer, on: Setting, value: Any) -> SafeString:
    return _html('<span class="{}">{}</span>', "" if row.is_covered else "unassigned", value)


def _last_contact(row: Customer, on: Setting, value: Any) -> SafeString:
    if value is None:
        return _html('<span class="unassigned">{}</span>', _("Not contacted"))
    days = (on.today - value).days
    if not 0 <= days <= RECENT_DAYS:
        return _html("{}", value.isoformat())
    words = {0: gettext("today"), 1: gettext("yesterday")}
    text = words.get(days) or ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}
    return _html('<span title="{}">{}</span>', value.isoformat(), text)


def _last_transaction(row: Customer, on: Setting) -> Value:
    if not on.rights.figures or not on.rights.totals:
        return State.DENIED
    figures = getattr(row, "figures", None)
    return figures.last_transaction_on if figures else None


def _tag(row: Customer, on: Setting, value: Any) -> Any:
    return _html('<span class="tag">{}</span>', value) if value else State.NONE


def _money_column(code: str, label: Promise, *, sort: str | None = None, is_default: bool = False) -> Column:
    return Column(code, label, _figure(code), _money, "num", code if sort is None else sort, code, True, is_default)


OWN_COLUMNS: tuple[Column, ...] = (
    Column(
        "customer", _("Customer"), lambda row, on: on.name(row), _customer, "lead-cell pin", "name", is_default=True
    ),
    Column("number", _("Customer number"), lambda row, on: row.number, None, "nowrap", "number"),
    Column("kind", _("Kind"), _word("kind", codes.Kind)),
    Column("line", _("Business line"), _word("line", codes.BusinessLine), _tag, is_default=True),
    Column("industry", _("Industry"), _word("industry", codes.Industry), None, "clip"),
    Column("unit", _("Owning unit"), lambda row, on: row.owning_unit.label, None, "clip", is_default=True),
    Column("lead", _("Lead manager"), _lead, _lead_html, "nowrap", is_default=True),
    _money_column("aum_end", _("AUM"), is_default=True),
    _money_column("aum_average", _("AUM month average"), is_default=True),
    Column("aum_change", _("Against last month"), _aum_change, _rise, "num", "aum_change", "aum_change", True, True),
    _money_column("deposit_end", _("Deposits")),
    _money_column("deposit_average", _("Deposit month average"), is_default=True),
    _money_column("loan_end", _("Loans"), is_default=True),
    _money_column("loan_average", _("Loan month average"), sort=""),
    Column("products", _("Products held"), _figure("product_count"), None, "num", "product_count", is_default=True),
    Column("holdings", _("Number of accounts"), _figure("holding_count"), None, "num", "", "holding_count"),
    Column("since", _("Customer since"), lambda row, on: row.since_on, None, "nowrap", "since_on"),
    Column(
        "last_contact",
        _("Last contact"),
        lambda row, on: row.last_contact_on,
        _last_contact,
        "nowrap",
        "last_contact_on",
        is_default=True,
    ),
    Column("last_transaction", _("Last transaction"), _last_transaction, None, "nowrap"),
)


def _added(column: extensions.ListColumn) -> Column:
    def value(row: Customer, on: Setting) -> Value:
        found: Value = on.added.get(column.code, {}).get(row.pk)
        return State.NONE if found is None else found

    is_number = column.is_number or column.is_money
    return Column(
        column.code,
        column.label,
        value,
        _money if column.is_money else None,
        "num" if is_number else "",
        total=column.code if column.total else "",
        is_money=column.is_money,
        source=column,
    )


def added(columns: Iterable[extensions.ListColumn]) -> list[Column]:
    """Columns that filters in force bring along."""
    return [_added(column) for column in columns]


def columns_for(scope: Scope) -> list[Column]:
    """All columns that the reader may choose from: this app's and those that other apps add."""
    added = [_added(one) for one in extensions.list_columns.visible(scope) if one.page == LIST]
    return [*OWN_COLUMNS, *added]


def chosen(scope: Scope, codes: Sequence[str]) -> list[Column]:
    """The columns of these codes in the list's own order; the default ones for none. The customer is always there."""
    known = columns_for(scope)
    wanted = [one for one in known if one.code in codes or one.code == OWN_COLUMNS[0].code]
    return wanted if len(wanted) > 1 else [one for one in known if one.is_default]


def setting(scope: Scope, money: MoneyFormat, rows: Sequence[Customer], columns: Sequence[Column]) -> Setting:
    """Reads what the page's cells need: a fixed number of queries, however many rows there are."""
    ids = [row.pk for row in rows]
    rights = Rights.of(scope)
    return Setting(
        scope=scope,
        rights=rights,
        money=money,
        own=own_ids(scope, ids) if ids else frozenset(),
        unit_figures=unit_figures(scope, ids) if ids and rights.figures and not rights.totals else {},
        added={column.code: column.source.values(scope, ids) for column in columns if column.source},
        today=dates.today(),
        clearances={True: clearance(scope, "own"), False: clearance(scope, "in_scope")},
        url_pattern=reverse("customers:overview", args=[ANY_NUMBER]),
    )


def shown_rows(rows: Sequence[Customer], columns: Sequence[Column], on: Setting) -> list[SafeString]:
    """The page's rows as HTML, each with a box to pick it by and its cells.

    They are put together here: a page has hundreds of cells, and a loop of the template takes twice as long.
    """
    opened = [(column, _opening(column, is_first=place == 0)) for place, column in enumerate(columns)]
    pick = gettext("Select %(name)s")
    return [
        SafeString(
            f'<tr><td class="pick"><input type="checkbox" class="form-check-input" data-pick="{row.pk}" '
            f'aria-label="{escape(pick % {"name": on.name(row)})}"></td>'
            + "".join(_cell(column.cell(row, on), tag) for column, tag in opened)
            + "</tr>"
        )
        for row in rows
    ]


def _opening(column: Column, *, is_first: bool) -> str:
    """A cell's tag. As a card on a phone, each line but the first says what it is."""
    if is_first:
        return format_html('<td class="{}">', column.css)
    return format_html('<td class="{}" data-head="{}">', column.css, column.label)


def _cell(value: Any, opening: str) -> str:
    return f"{opening}{_escaped(value)}</td>"


def _escaped(value: Any) -> str:
    """Plain text is most of it; Django's own escaping would look for lazy words in each first."""
    return escape(value) if type(value) is str else conditional_escape(value)


def _html(pattern: str, *values: Any) -> SafeString:
    """As `format_html`, for the many cells of a page."""
    return SafeString(pattern.format(*map(_escaped, values)))


def sort_of(text: str, rights: Rights) -> tuple[str, bool]:
    """`-aum_end` → ("aum_end", True). What is unknown, or would tell what cells hide, becomes a sort that may be."""
    code, is_descending = text.removeprefix("-"), text.startswith("-")
    if code in SORTS and rights.allows(SORTS[code]):
        return code, is_descending
    fallback = next(one for one in (DEFAULT_SORT, "name", "number") if rights.allows(SORTS[one]))
    return fallback, SORTS[fallback].descends_first
