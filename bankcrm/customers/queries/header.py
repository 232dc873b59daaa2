"""The head of the customer page: who this is, what marks it, who looks after it, and six figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.customers import codes, rules
from bankcrm.customers.models import Coverage, Customer, Holding, IdentityDocument
from bankcrm.customers.queries.figures import Figures, Moment, Trend, ask_trend_ahead, current, moment, trend
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.subject import Subject, coverage_on, of_customer
from bankcrm.org.models import OrgUnit

NO_CONTACT_DAYS = 90
MONTHS_BACK = 12

Label = str | Promise


@dataclass(frozen=True)
class Mark:
    """A short fact that matters at once. `tone`: ok, key, watch or plain."""

    code: str
    label: Label
    tone: str = "plain"


@dataclass(frozen=True)
class Looker:
    """Somebody who looks after the customer, or the virtual manager with what nobody was given."""

    name: Label
    role: Label
    share: Decimal
    is_virtual: bool = False


@dataclass(frozen=True)
class KeyFigure:
    """One of the six figures. `value` None: see the header's state. `change`: fraction against the month before."""

    code: str
    label: Label
    value: Decimal | int | None
    is_money: bool
    change: Decimal | None = None
    difference: int | None = None  # of counts

    @property
    def size(self) -> Decimal | None:
        """The change without its sign, which an arrow shows."""
        return None if self.change is None else abs(self.change)

    @property
    def step(self) -> int | None:
        """The difference without its sign."""
        return None if self.difference is None else abs(self.difference)


@dataclass(frozen=True)
class Header:
    """Everything the head shows. Only figures and coverage move with the month; the rest is as it is now."""

    subject: Subject
    name: str
    marks: tuple[Mark, ...]
    document: IdentityDocument | None
    document_number: str
    unit: OrgUnit | None  # the owning unit at that moment; None: nobody kept it that far back
    lookers: tuple[Looker, ...]
    figures: tuple[KeyFigure, ...]
    state: Availability
    moment: Moment
    months: tuple[str, ...]
    trend: Trend
    documents: tuple[IdentityDocument, ...]
    holdings: tuple[Holding, ...]  # those that fall due within `rules.DUE_DAYS`, and basic accounts

    @property
    def customer(self) -> Customer:
        """The customer."""
        return self.subject.customer

    @property
    def document_class(self) -> str:
        """The field class of the main document's number."""
        return document_class(self.document) if self.document else ""


PERSON_FIGURES = ("aum_end", "aum_average", "deposit_end", "deposit_average", "loan_end", "product_count")
ORGANISATION_FIGURES = ("deposit_end", "deposit_average", "loan_end", "loan_average", "aum_end", "product_count")

FIGURE_LABELS: dict[str, Promise] = {
    "aum_end": _("AUM"),
    "aum_average": _("AUM month average"),
    "deposit_end": _("Deposits"),
    "deposit_average": _("Deposit month average"),
    "loan_end": _("Loans"),
    "loan_average": _("Loan month average"),
    "contingent_end": _("Off-balance commitments"),
    "product_count": _("Products held"),
}


def header(subject: Subject, month: str = "", names: Sequence[str] | None = None) -> Header:
    """The head of the page at the end of that month, or as of the published date; `names`: which figures, in order."""
    ask_trend_ahead(subject)
    at, today = moment(month), dates.today()
    documents = list(subject.customer.documents.all())
    holdings = _notable_holdings(subject.customer, today)
    line = trend(subject)
    figures = current(subject) if at.is_current else line.at(at.month)
    primary = _primary(documents)
    coverage = subject.coverage if at.is_current else of_customer(coverage_on(subject.customer, at.on))
    unit = _owning_unit(subject.customer, at)
    return Header(
        subject=subject,
        name=subject.name,
        marks=_marks(subject, documents, holdings, today),
        document=primary,
        document_number=subject.show(document_class(primary), primary.document_number) if primary else "",
        unit=unit,
        lookers=_lookers(unit or subject.customer.owning_unit, coverage),
        figures=_key_figures(subject, names, figures, _before(subject, line, at)),
        state=_state(figures, at, line),
        moment=at,
        months=_months(at, line),
        trend=line,
        documents=tuple(documents),
        holdings=tuple(holdings),
    )


def document_class(document: IdentityDocument) -> str:
    """The field class of a document's number: registers of organisations are public."""
    return document_type_class(document.document_type)


def document_type_class(document_type: str) -> str:
    """The same by the document's type."""
    public = (codes.DocumentType.USCC, codes.DocumentType.ORGANISATION_CODE, codes.DocumentType.LEI)
    return "uscc" if document_type in public else "id_number"


def _primary(documents: list[IdentityDocument]) -> IdentityDocument | None:
    return min(documents, key=lambda d: (not d.is_primary, d.document_type, d.pk), default=None)


def _state(figures: Figures | None, at: Moment, line: Trend) -> Availability:
    if figures is not None:
        return Availability.READY
    return Availability.NONE if at.is_current and line.state is Availability.READY else line.state


def _months(at: Moment, line: Trend) -> tuple[str, ...]:
    """The months to choose from, newest first; without the lake's word, those of a year."""
    known = [row.month for row in line.months]
    newest = max([*known, at.month])
    oldest = known[0] if known else dates.month_of(dates.in_n_months(dates.month_start(newest), -MONTHS_BACK))
    return tuple(reversed(dates.months_between(min(oldest, at.month), newest)))


def _before(subject: Subject, line: Trend, at: Moment) -> Figures | None:
    """The month before; of the current month's averages the database knows it too, should the lake be silent."""
    previous = dates.month_of(dates.month_start(at.month) - timedelta(days=1))
    return line.at(previous)


def _key_figures(
    subject: Subject, names: Sequence[str] | None, now: Figures | None, before: Figures | None
) -> tuple[KeyFigure, ...]:
    if names is None:
        names = PERSON_FIGURES if subject.customer.is_person else ORGANISATION_FIGURES
    return tuple(_key_figure(name, now, before) for name in names)


def _key_figure(name: str, now: Figures | None, before: Figures | None) -> KeyFigure:
    value = getattr(now, name) if now else None
    past = getattr(before, name) if before else None
    if name == "product_count":
        difference = value - past if value is not None and past is not None else None
        return KeyFigure(name, FIGURE_LABELS[name], value, is_money=False, difference=difference)
    return KeyFigure(name, FIGURE_LABELS[name], value, is_money=True, change=rules.change_share(value, past))


def _owning_unit(customer: Customer, at: Moment) -> OrgUnit | None:
    """The unit that answered for the customer at that moment. Before the first load: as it was then."""
    return customer.owning_unit if at.is_current else owning_unit_on(customer, at.on)


def owning_unit_on(customer: Customer, day: date) -> OrgUnit | None:
    """The unit that answered for the customer on that day; None: nobody kept it that far back."""
    held = customer.owning_periods.filter(Q(from_on=None) | Q(from_on__lte=day), Q(to_on=None) | Q(to_on__gt=day))
    period = held.select_related("unit").first()
    return period.unit if period else None


def _lookers(unit: OrgUnit, coverage: tuple[Coverage, ...]) -> tuple[Looker, ...]:
    found = [Looker(share.user.label, share.get_role_display(), share.share) for share in coverage]
    rest = rules.residual_share(share.share for share in coverage)
    if rest:
        found.append(Looker(_("Virtual manager"), unit.label, rest, is_virtual=True))
    return tuple(found)


def _marks(subject: Subject, documents: list[IdentityDocument], holdings: list[Holding], on: date) -> tuple[Mark, ...]:
    customer = subject.customer
    if not subject.is_verified:
        return (Mark("not_verified", _("Caller not verified"), "watch"),)
    marks = [*_status_marks(customer), *_document_marks(documents, on), *_holding_marks(holdings, on)]
    if getattr(customer, "is_in_group", False):
        marks.append(Mark("group", _("Household") if customer.is_person else _("Group member"), "key"))
    elif getattr(customer, "is_proposed", False):
        marks.append(Mark("group_proposed", _("Group proposed")))
    if getattr(customer, "complains", False) and subject.scope.may("customers.interactions.view"):
        marks.append(Mark("complaint", _("Open complaint"), "watch"))
    if getattr(customer, "is_restricted", False):  # never why: the reason is for those who deal with such requests
        marks.append(Mark("restricted", _("Processing restricted"), "watch"))
    if getattr(customer, "refuses_marketing", False):
        marks.append(Mark("no_marketing", _("No marketing"), "watch"))
    if subject.sees_risk:
        marks += _risk_marks(customer)
    figures = getattr(customer, "figures", None)
    if figures and rules.is_dormant(figures.last_transaction_on, customer.since_on, on):
        marks.append(Mark("dormant", _("Dormant"), "watch"))
    if not subject.coverage:
        marks.append(Mark("unassigned", _("Unassigned"), "watch"))
    if customer.last_contact_on is None or (on - customer.last_contact_on).days > NO_CONTACT_DAYS:
        marks.append(Mark("no_contact", _("No contact for 90 days"), "plain"))
    return tuple(marks)


def _status_marks(customer: Customer) -> list[Mark]:
    if customer.status == Customer.Status.ACTIVE:
        return []
    return [Mark(customer.status, customer.get_status_display(), "watch")]


def _risk_marks(customer: Customer) -> list[Mark]:
    """Overdue, and watched: on the watch list, or a loan classified worse than normal."""
    marks = []
    if getattr(customer, "is_overdue", False):
        marks.append(Mark("overdue", _("Overdue"), "watch"))
    if getattr(customer, "is_watched", False):
        marks.append(Mark("watched", _("Special mention"), "watch"))
    return marks


def _document_marks(documents: list[IdentityDocument], on: date) -> list[Mark]:
    """A customer with one good document of a type has no worry with an older one of that type."""
    latest: dict[str, IdentityDocument] = {}
    for document in documents:
        known = latest.get(document.document_type)
        if known is None or (document.expires_on or date.max) > (known.expires_on or date.max):
            latest[document.document_type] = document
    if any(rules.is_expired(document.expires_on, on) for document in latest.values()):
        return [Mark("document_expired", _("Document expired"), "watch")]
    if any(rules.falls_within(document.expires_on, on, rules.MATURING_DAYS) for document in latest.values()):
        return [Mark("document_expiring", _("Document expires within 30 days"), "watch")]
    return []


def _notable_holdings(customer: Customer, on: date) -> list[Holding]:
    soon = Q(matures_on__gte=on, matures_on__lte=on + timedelta(days=rules.DUE_DAYS))
    basic = Q(account_nature=codes.AccountNature.BASIC_ACCOUNT)
    rows = customer.holdings.filter(soon | basic, status=codes.HoldingStatus.ACTIVE)
    return list(rows.select_related("product").order_by("matures_on", "pk"))


def _holding_marks(holdings: list[Holding], on: date) -> list[Mark]:
    marks = []
    if any(row.account_nature == codes.AccountNature.BASIC_ACCOUNT for row in holdings):
        marks.append(Mark("basic_account", _("Basic account"), "ok"))
    if any(rules.falls_within(row.matures_on, on, rules.MATURING_DAYS) for row in holdings):
        marks.append(Mark("maturing", _("Maturing within 30 days"), "watch"))
    return marks
