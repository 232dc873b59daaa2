"""The customer a page is about, and how the reader stands to it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from bankcrm.core import context, dates, parameters
from bankcrm.core.masking import NOTHING_PLAIN, Clearance
from bankcrm.core.scope import Scope
from bankcrm.customers import codes
from bankcrm.customers.consent_rules import ANY
from bankcrm.customers.models import (
    Coverage,
    Customer,
    Facility,
    GroupMember,
    OpenComplaint,
    OrganisationProfile,
    PersonProfile,
    ProposedMember,
    RiskMark,
)
from bankcrm.customers.parameters import BOOKED_ELSEWHERE, FULL, HIDDEN
from bankcrm.customers.queries.gate import ErasedError, is_open
from bankcrm.customers.queries.permitted import MARKETING, refused, restricted
from bankcrm.customers.queries.reveals import revealed_classes, revealed_column
from bankcrm.org.clearance import Relation as Standing
from bankcrm.org.clearance import clearance


@dataclass(frozen=True)
class Subject:
    """A customer read through a scope, and all coverage of it, or of parts of it, that holds today."""

    scope: Scope
    customer: Customer
    all_coverage: tuple[Coverage, ...]
    is_verified: bool = True  # False: a caller about whom nothing may be told yet, not even the whole name
    revealed: frozenset[str] = frozenset()  # classes that the reader asked to see whole for some minutes

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """Who looks after the customer as such today, the lead first."""
        return of_customer(self.all_coverage)

    @cached_property
    def relation(self) -> Standing:
        """`own` where the reader, or the reader's team, looks after the customer or a part of it."""
        mine = self.scope.coverage_user_ids
        return "own" if any(share.user_id in mine for share in self.all_coverage) else "in_scope"

    @cached_property
    def clearance(self) -> Clearance:
        """What this reader sees of the customer in plain."""
        if not self.is_verified:
            return NOTHING_PLAIN
        usual = clearance(self.scope, "verified" if self.relation == "in_scope" else self.relation)
        return usual.with_revealed(self.revealed)

    def show(self, field_class: str, value: str | None) -> str:
        """The value as this reader may see it."""
        return self.clearance.show(field_class, value)

    @cached_property
    def sees_all_units(self) -> bool:
        """Whether holdings that other units book are seen one by one."""
        if self.scope.is_bank or self.relation == "own" or self.scope.may("customers.whole_bank"):
            return True
        if self.scope.walled:  # what stands behind an ethical wall is not told, whatever the bank tells of other units
            return False
        return bool(parameters.value(BOOKED_ELSEWHERE) == FULL)

    @cached_property
    def sees_totals(self) -> bool:
        """Whether figures over all units of the bank are seen."""
        return self.sees_all_units or bool(parameters.value(BOOKED_ELSEWHERE) != HIDDEN)

    @property
    def sees_risk(self) -> bool:
        """Whether risk marks are seen: of all customers in scope, or of those one looks after."""
        if self.scope.may("customers.risk"):
            return True
        return self.scope.may("customers.risk.own") and self.relation == "own"

    def sees_unit(self, unit_no: int) -> bool:
        """Whether holdings booked at that unit are seen one by one."""
        return self.sees_all_units or self.scope.sees_unit_no(unit_no)

    @property
    def person(self) -> PersonProfile | None:
        """What is known of a person; None for organisations, and for a person of whom nothing is known."""
        return getattr(self.customer, "person", None) if self.customer.is_person else None

    @property
    def organisation(self) -> OrganisationProfile | None:
        """What is known of an organisation; None for persons."""
        return None if self.customer.is_person else getattr(self.customer, "organisation", None)

    @property
    def name(self) -> str:
        """The customer's name as this reader may see it; its number where a source is anonymous."""
        return self.show(name_class(self.customer), self.customer.label)


def name_class(customer: Customer) -> str:
    """The field class of a name: a person's and a sole trader's are personal data, another organisation's is public."""
    organisation = getattr(customer, "organisation", None)
    is_trader = organisation is not None and organisation.organisation_type == codes.OrganisationType.SOLE_TRADER
    return "person_name" if customer.is_person or is_trader else "company_name"


def subject(scope: Scope, number: str) -> Subject:
    """The customer of that number as the scope sees it. Raises Customer.DoesNotExist where it does not, ErasedError
    where nothing but the number is kept.

    Two queries: the customer with its figures, profile, unit and lead; and who looks after it today.
    """
    rows = Customer.objects.one_within(scope).select_related("owning_unit", "lead", "figures", "person", "organisation")
    customer = rows.annotate(
        complains=_complains(),
        has_facilities=_has_facilities(),
        is_restricted=restricted(dates.today()),
        refuses_marketing=refused(MARKETING, ANY, dates.today()),
        revealed=revealed_column(scope),
        **_group_columns(),
        **_risk_columns(),
    ).get(number=number)
    if customer.status == Customer.Status.ERASED:
        raise ErasedError(customer.number)
    return _made(scope, customer)


def subject_of(scope: Scope, customer: Customer) -> Subject:
    """The same for a customer that was read through the scope already: two queries, once a request."""
    serving = context.current()
    known: Subject | None = serving.cache.get(_key(scope, customer)) if serving is not None else None
    return known or _made(scope, customer)


def _made(scope: Scope, customer: Customer) -> Subject:
    shown: list[str] | None = getattr(customer, "revealed", None)
    revealed = revealed_classes(scope, customer) if shown is None else frozenset(shown)
    found = Subject(scope, customer, coverage_on(customer, dates.today()), is_open(scope, customer.pk), revealed)
    if (serving := context.current()) is not None:
        serving.cache[_key(scope, customer)] = found
    return found


def _key(scope: Scope, customer: Customer) -> str:
    return f"customers.subject {customer.pk} {scope!r}"


def _risk_columns() -> dict[str, Exists]:
    """What the head's marks ask of a customer, as columns of the query that reads it."""
    rows = RiskMark.objects.scoped_already(because="a mark of a customer that is read within a scope")
    of_customer = rows.filter(customer=OuterRef("pk"))
    worse = Q(is_watched=True) | ~Q(risk_class__in=("", codes.RiskClass.NORMAL))
    return {
        "is_overdue": Exists(of_customer.filter(days_overdue__gt=0)),
        "is_watched": Exists(of_customer.filter(worse)),
    }


def _has_facilities() -> Exists:
    """Whether there is a facility at all: most persons have none, and need not be asked for theirs."""
    rows = Facility.objects.scoped_already(because="a mark of a customer that is read within a scope")
    return Exists(rows.filter(customer=OuterRef("pk")))


def _complains() -> Exists:
    """Whether a complaint of the customer is open."""
    rows = OpenComplaint.objects.scoped_already(because="a mark of a customer that is read within a scope")
    return Exists(rows.filter(customer=OuterRef("pk")))


def _group_columns() -> dict[str, Exists]:
    """Whether the customer belongs to a confirmed group or household today, or the stakes speak for a group."""
    because = "a mark of a customer that is read within a scope"
    members = GroupMember.objects.everything(because=because)
    proposed = ProposedMember.objects.everything(because=because)
    return {
        "is_in_group": Exists(members.filter(customer=OuterRef("pk"), valid__contains=dates.today())),
        "is_proposed": Exists(proposed.filter(customer=OuterRef("pk"), proposal__declined_at=None)),
    }


def coverage_on(customer: Customer, day: date) -> tuple[Coverage, ...]:
    """All shares in the customer and its parts that hold on that day: the lead first, then the larger share."""
    shares = customer.coverage.filter(valid__contains=day).select_related("user")
    return tuple(sorted(shares, key=lambda s: (s.role != codes.CoverageRole.LEAD, -s.share, s.pk)))


def of_customer(coverage: tuple[Coverage, ...]) -> tuple[Coverage, ...]:
    """Those of the shares that are shares in the customer as such."""
    return tuple(share for share in coverage if share.object_type == codes.CoverageObject.CUSTOMER)


def stranger_name(scope: Scope, customer: Customer) -> str:
    """The name of a customer whom the scope does not see: a person's masked, an organisation's plain (PRACTICE §8)."""
    return clearance(scope, "none").show(name_class(customer), customer.label)
