"""Groups and households: the list, one of them with its members and sums, and what a customer belongs to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from bankcrm.core import dates
from bankcrm.core.scope import Scope, range_q
from bankcrm.customers import codes, rules
from bankcrm.customers.group_rules import household_of, is_household_tie
from bankcrm.customers.models import (
    ContactPoint,
    Coverage,
    Customer,
    CustomerFigures,
    CustomerGroup,
    CustomerUnitFigures,
    CustomerVisibility,
    Facility,
    GroupMember,
    GroupProposal,
    Relation,
)
from bankcrm.customers.queries.listing import Rights
from bankcrm.customers.queries.stakes import in_force
from bankcrm.customers.queries.subject import Subject, name_class, stranger_name
from bankcrm.org.clearance import clearance

PAGE = 50
KIN = (codes.RelationType.SPOUSE, codes.RelationType.PARENT, codes.RelationType.CHILD)
ALL_MEMBERS = "members outside the scope are counted, and named as strangers"
STEPS = 4
"""So many steps of kin are followed for a household: grandparents of a child are two away."""


@dataclass(frozen=True)
class GroupLine:
    """A group of the list. `members`: all; `seen`: those in the reader's scope."""

    pk: int
    name: str
    members: int
    seen: int
    on: date
    is_dissolved: bool = False
    is_change: bool = False


@dataclass(frozen=True)
class Party:
    """A member as the reader may see it: by name only outside the scope. `id` is 0 there."""

    id: int
    name: str
    number: str
    unit: str
    ground: str
    from_on: date | None
    to_on: date | None
    is_head: bool
    deposit: Decimal | None = None
    loan: Decimal | None = None
    aum: Decimal | None = None


@dataclass(frozen=True)
class FacilitySum:
    """Facilities in force of one currency."""

    currency: str
    limit: Decimal
    drawn: Decimal
    count: int


@dataclass(frozen=True)
class Sums:
    """Figures of the members in scope; None where the reader may see none. `shared`: members of several units."""

    deposit: Decimal | None
    loan: Decimal | None
    aum: Decimal | None
    is_whole: bool
    facilities: tuple[FacilitySum, ...] | None
    seen: int
    unseen: int
    shared: int


@dataclass(frozen=True)
class GroupPage:
    """One group, confirmed or proposed, with its members today, those of before, and sums."""

    members: tuple[Party, ...]
    former: tuple[Party, ...]
    sums: Sums
    may_decide: bool

    @property
    def choices(self) -> list[Party]:
        """Members that may be taken out: those one sees, but for the head."""
        return [member for member in self.members if member.id and not member.is_head]


def groups(scope: Scope, kind: str, after: int | None = None) -> list[GroupLine]:
    """Confirmed groups or households that the scope sees, the latest first. Needs `customers.relations`."""
    scope.require("customers.relations")
    rows = CustomerGroup.objects.within(scope).filter(kind=kind)
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    counts = _counts(scope, GroupMember, "group", [row.pk for row in found], Q(valid__contains=dates.today()))
    names = _names(scope, found)
    return [
        GroupLine(
            row.pk,
            names[row.pk],
            *counts[row.pk],
            row.confirmed_at.astimezone(dates.zone()).date(),
            is_dissolved=row.dissolved_at is not None,
        )
        for row in found
    ]


def proposals(scope: Scope, after: int | None = None) -> list[GroupLine]:
    """Proposed groups that wait for somebody's word, the latest first. Needs `customers.relations`."""
    scope.require("customers.relations")
    rows = GroupProposal.objects.within(scope).filter(declined_at=None)
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    members = GroupProposal._meta.get_field("memberships").related_model
    counts = _counts(scope, members, "proposal", [row.pk for row in found], Q())
    names = _names(scope, found)
    return [
        GroupLine(row.pk, names[row.pk], *counts[row.pk], row.found_on, is_change=row.group_id is not None)
        for row in found
    ]


def _counts(scope: Scope, model: Any, link: str, ids: list[int], which: Q) -> dict[int, tuple[int, int]]:
    """Group → (members, members in scope). Two queries."""
    rows = model.objects.everything(because=ALL_MEMBERS).filter(which, **{f"{link}__in": ids})
    everybody = dict(rows.values_list(link).annotate(many=Count("pk")))
    seen = model.objects.within(scope).filter(which, **{f"{link}__in": ids})
    visible = dict(seen.values_list(link).annotate(many=Count("pk")))
    return {pk: (everybody.get(pk, 0), visible.get(pk, 0)) for pk in ids}


def _names(scope: Scope, rows: Sequence[CustomerGroup | GroupProposal]) -> dict[int, str]:
    """Key → name as the reader sees it. Groups bear their head's name, a household's or controller's is a person's.

    So it is masked as that person's would be, and like a stranger's where the head is out of scope. Two queries.
    """
    heads = Customer.objects.everything(because="strangers are named as such").select_related("organisation")
    by_key = heads.in_bulk({row.head_id for row in rows}) if rows else {}
    visible = set(Customer.objects.within(scope).filter(pk__in=by_key).values_list("pk", flat=True)) if rows else set()
    seen, unseen = clearance(scope, "in_scope"), clearance(scope, "none")
    return {
        row.pk: (seen if row.head_id in visible else unseen).show(name_class(by_key[row.head_id]), row.name)
        for row in rows
    }


def group(scope: Scope, group_id: int) -> tuple[CustomerGroup, str, GroupPage]:
    """A confirmed group, its name as the reader sees it, and its page. Raises CustomerGroup.DoesNotExist."""
    scope.require("customers.relations")
    found = CustomerGroup.objects.within(scope).select_related("confirmed_by", "dissolved_by").get(pk=group_id)
    rows = found.memberships.everything(because=ALL_MEMBERS)
    all_rows = list(
        rows.select_related("customer__owning_unit", "customer__organisation").order_by("customer__sort_key")
    )
    return found, _names(scope, [found])[found.pk], _page(scope, all_rows, found.head_id)


def proposal(scope: Scope, proposal_id: int) -> tuple[GroupProposal, str, GroupPage]:
    """A proposal that waits, its name as the reader sees it, and its page. Raises GroupProposal.DoesNotExist."""
    scope.require("customers.relations")
    found = GroupProposal.objects.within(scope).filter(declined_at=None).select_related("group").get(pk=proposal_id)
    rows = found.memberships.everything(because=ALL_MEMBERS)
    all_rows = list(
        rows.select_related("customer__owning_unit", "customer__organisation").order_by("customer__sort_key")
    )
    return found, _names(scope, [found])[found.pk], _page(scope, all_rows, found.head_id)


def _page(scope: Scope, rows: list[Any], head_id: int) -> GroupPage:
    today = dates.today()
    present = [row for row in rows if not hasattr(row, "valid") or today in row.valid]
    ids = [row.customer_id for row in rows]
    visible = set(Customer.objects.within(scope).filter(pk__in=ids).values_list("pk", flat=True))
    figures = _figures(scope, [row.customer_id for row in present if row.customer_id in visible])
    parties = {row.pk: _party(scope, row, visible, head_id, figures) for row in rows}
    ordered = sorted((parties[row.pk] for row in present), key=lambda party: not party.is_head)
    unseen = len({row.customer_id for row in present} - visible)
    return GroupPage(
        members=tuple(ordered),
        former=tuple(parties[row.pk] for row in rows if row not in present),
        sums=_sums(scope, [row.customer_id for row in present if row.customer_id in visible], figures, unseen),
        may_decide=scope.may("customers.groups") and not unseen,
    )


def _party(scope: Scope, row: Any, visible: set[int], head_id: int, figures: dict[int, dict[str, Decimal]]) -> Party:
    customer, is_seen = row.customer, row.customer_id in visible
    shown = clearance(scope, "in_scope").show(name_class(customer), customer.label)
    valid = getattr(row, "valid", None)
    mine = figures.get(customer.pk)
    return Party(
        id=customer.pk if is_seen else 0,
        name=shown if is_seen else stranger_name(scope, customer),
        number=customer.number if is_seen else "",
        unit=customer.owning_unit.label if is_seen else "",
        ground=row.get_ground_display() if hasattr(row, "ground") else "",
        from_on=valid.lower if valid else None,
        to_on=valid.upper if valid else None,
        is_head=customer.pk == head_id,
        deposit=mine["deposit_end"] if mine else None,
        loan=mine["loan_end"] if mine else None,
        aum=mine["aum_end"] if mine else None,
    )


def _figures(scope: Scope, ids: list[int]) -> dict[int, dict[str, Decimal]]:
    """Customer → deposits, loans, AUM: of the whole bank, or of the units in scope, as the list of customers shows."""
    rights = Rights.of(scope)
    if not rights.figures:
        return {}
    names = ("deposit_end", "loan_end", "aum_end")
    if rights.totals:
        found = CustomerFigures.objects.scoped_already(because="ids out of the scope").filter(customer__in=ids)
        return {row["customer_id"]: row for row in found.values("customer_id", *names)}
    parts = CustomerUnitFigures.objects.scoped_already(because="ids out of the scope").filter(
        range_q("unit_no", scope.ranges), customer__in=ids
    )
    summed: Any = parts.values("customer_id").annotate(**{name: Sum(name) for name in names})
    return {row["customer_id"]: row for row in summed}


def _sums(scope: Scope, ids: list[int], figures: dict[int, dict[str, Decimal]], unseen: int) -> Sums:
    rights = Rights.of(scope)
    zero = Decimal("0.00")

    def total(name: str) -> Decimal | None:
        return sum((row[name] for row in figures.values()), zero) if rights.figures else None

    units = CustomerVisibility.objects.filter(customer__in=ids).values("customer")
    shared = units.annotate(many=Count("unit", distinct=True)).filter(many__gt=1).count()
    return Sums(
        deposit=total("deposit_end"),
        loan=total("loan_end"),
        aum=total("aum_end"),
        is_whole=rights.totals,
        facilities=_facilities(scope, ids) if scope.may("customers.credit") else None,
        seen=len(ids),
        unseen=unseen,
        shared=shared,
    )


def _facilities(scope: Scope, ids: list[int]) -> tuple[FacilitySum, ...]:
    rows = Facility.objects.scoped_already(because="ids out of the scope").filter(
        customer__in=ids, status=codes.FacilityStatus.ACTIVE
    )
    if not (scope.is_bank or scope.may("customers.whole_bank")):
        mine = Coverage.objects.everything(because="whom the reader looks after").filter(
            user__in=scope.coverage_user_ids, valid__contains=dates.today()
        )
        rows = rows.filter(range_q("unit_no", scope.ranges) | Q(customer__in=mine.values("customer")))
    summed = rows.values("currency").annotate(limit=Sum("limit_amount"), drawn=Sum("drawn_amount"), many=Count("pk"))
    return tuple(
        FacilitySum(row["currency"], row["limit"], row["drawn"], row["many"]) for row in summed.order_by("currency")
    )


@dataclass(frozen=True)
class Belonging:
    """What the tab of groups says of a customer: its groups, and what is proposed for it."""

    groups: tuple[tuple[CustomerGroup, str], ...]
    proposal: GroupProposal | None
    proposal_name: str
    household: tuple[str, ...]  # names of those who would be one household with the person, when none is confirmed


def belonging(subject: Subject) -> Belonging:
    """Groups that the customer belongs to today, and proposals about it."""
    today, me = dates.today(), subject.customer
    rows = [row.group for row in me.memberships.filter(valid__contains=today).select_related("group").order_by("pk")]
    names = _names(subject.scope, rows)
    mine = tuple((row, names[row.pk]) for row in rows)
    waiting = GroupProposal.objects.scoped_already(because="a proposal about a customer that is read within a scope")
    about = waiting.filter(declined_at=None, memberships__customer=me).first() if not me.is_person else None
    household = () if not me.is_person or mine else _household_names(subject)
    return Belonging(mine, about, _names(subject.scope, [about])[about.pk] if about else "", household)


def _household_names(subject: Subject) -> tuple[str, ...]:
    ids = household_members(subject)
    if len(ids) < 2:
        return ()
    customers = Customer.objects.everything(because="strangers are named as such").in_bulk(ids)
    visible = set(Customer.objects.within(subject.scope).filter(pk__in=ids).values_list("pk", flat=True))
    plain = clearance(subject.scope, "in_scope")
    return tuple(
        plain.show("person_name", customers[pk].label) if pk in visible else stranger_name(subject.scope, customers[pk])
        for pk in ids[1:]
    )


def household_members(subject: Subject) -> list[int]:
    """Who would be one household with a person: the person first. Asked of the person's kin when somebody looks.

    Nothing is worked out for the whole bank: a household is a handful of people around one, while a bank of ten
    million customers has millions of them that nobody asks for.
    """
    me = subject.customer.pk
    ties: dict[int, set[int]] = defaultdict(set)
    seen, frontier = {me}, {me}
    for _step in range(STEPS):
        fresh: set[int] = set()
        for left, right in _ties(frontier):
            ties[left].add(right)
            ties[right].add(left)
            fresh |= {left, right}
        frontier = fresh - seen
        seen |= fresh
        if not frontier:
            break
    return household_of(me, ties)


def _ties(ids: set[int]) -> list[tuple[int, int]]:
    """Pairs of kin who keep house together, of which one is among these."""
    today = dates.today()
    rows = Relation.objects.everything(because="kin of a customer that is read within a scope").filter(
        Q(customer__in=ids) | Q(related__in=ids),
        in_force(today),
        relation_type__in=KIN,
        related__kind=codes.Kind.PERSON,
    )
    own = ContactPoint.objects.everything(because="whether two share a contact point; it is not shown")
    shared = own.filter(
        customer=OuterRef("customer"),
        contact_type__in=(codes.ContactType.ADDRESS, codes.ContactType.MOBILE, codes.ContactType.PHONE),
        value__in=own.filter(customer=OuterRef(OuterRef("related"))).values("value"),
    )
    found = rows.annotate(shares=Exists(shared)).values_list(
        "customer", "related", "relation_type", "customer__person__birth_on", "related__person__birth_on", "shares"
    )
    pairs = []
    for customer, related, relation, birth, other_birth, shares in found:
        # "The other party is this customer's child": the child is the other; of a parent it is this customer.
        child = other_birth if relation == codes.RelationType.CHILD else birth
        age = rules.age_on(child, today) if child else None
        if is_household_tie(relation, child_age=age, shares_contact=shares):
            pairs.append((customer, related))
    return pairs
