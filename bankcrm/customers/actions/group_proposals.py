"""Proposing corporate groups from the whole bank's stakes, after each load."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.customers import codes
from bankcrm.customers.control_rules import matches
from bankcrm.customers.group_parameters import CUSTODIANS, STATE_OWNERS, listed
from bankcrm.customers.group_rules import WHOLE, Trees, signature
from bankcrm.customers.models import Customer, GroupMember, GroupProposal, ProposedMember, Relation
from bankcrm.customers.models.group import GroupKind
from bankcrm.customers.queries.stakes import in_force

WHY = "a rule over the whole bank: what it finds is shown within scopes"
PORTION = 20_000
LEAST_NAME = 5
"""The shortest name of a party that is no customer by which it is taken for an organisation."""


@dataclass(frozen=True)
class Tree:
    """A controller and the enterprises under it."""

    key: str
    head_id: int
    members: tuple[int, ...]

    @property
    def signature(self) -> str:
        """What tells it from another with other members."""
        return signature(self.members)


def propose_groups(*, by: Scope) -> int:
    """Makes the proposals anew; answers how many wait.

    Those that somebody declined stay declined while their members are the same; what is confirmed as it is proposed is
    no proposal. Only the difference is written. Recorded.
    """
    found = {tree.key: tree for tree in corporate_trees()}
    with transaction.atomic():
        confirmed = _confirmed(found.values())
        wanted = {key: tree for key, tree in found.items() if confirmed.get(tree.head_id, (0, ""))[1] != tree.signature}
        known = dict(GroupProposal.objects.everything(because=WHY).values_list("key", "signature"))
        stale = [key for key, mark in known.items() if key not in wanted or wanted[key].signature != mark]
        for begin in range(0, len(stale), PORTION):
            GroupProposal.objects.everything(because=WHY).filter(key__in=stale[begin : begin + PORTION]).delete()
        gone = set(stale)
        fresh = [tree for key, tree in wanted.items() if key in gone or key not in known]
        _write(fresh, confirmed)
        waiting = GroupProposal.objects.everything(because=WHY).filter(declined_at=None).count()
        detail = {"new": len(fresh), "gone": len(stale), "waiting": waiting}
        audit.record("groups.propose", by=by, object_type="customers.groupproposal", detail=detail)
    return waiting


Party = str | int
"""A customer's id, or the name of a party that is none."""


def corporate_trees() -> list[Tree]:
    """All trees of two or more enterprises that are customers, from the stakes in force."""
    names: dict[Party, str] = {}
    enterprises: dict[int, int] = {}  # enterprise → how many stakes it holds
    stops = (*listed(STATE_OWNERS), *listed(CUSTODIANS))
    trees: Trees[Party] = Trees(_stakes(names, enterprises), silent=lambda party: matches(names.get(party, ""), stops))
    found = []
    for top, members in trees.of(enterprises).items():
        if len(members) > 1:
            ids = tuple(int(member) for member in members)
            # Under a controller that is no enterprise, the member that holds the most others stands for the group.
            head = top if top in enterprises else min(ids, key=lambda one: (-enterprises[one], one))
            found.append(Tree(f"c{top}" if isinstance(top, int) else top, int(head), ids))
    return found


def _stakes(names: dict[Party, str], enterprises: dict[int, int]) -> Iterator[tuple[Party, Party, int]]:
    """The stakes that can make a tree; fills the names of holders, for the stop lists, and the enterprises."""
    rows = _linked().values_list("customer_id", "related_id", "related_name", "related__name", "related__kind", "share")
    for held, related, name, related_name, kind, share in rows.order_by("pk").iterator(chunk_size=PORTION):
        # Django's stubs do not know that both columns of the other party may be empty.
        other: int | None = related
        is_person = len(name) < LEAST_NAME if other is None else kind == codes.Kind.PERSON
        holder: Party = other if other is not None else f"n{held}/{name}" if is_person else f"n{name}"
        enterprises.setdefault(held, 0)
        if not is_person:
            names[holder] = related_name or name
            if other is not None:
                enterprises[other] = enterprises.get(other, 0) + 1
        yield holder, held, int((share or 0) * WHOLE)


def _linked() -> QuerySet[Relation]:
    """Stakes in enterprises that an organisation, or a person with other stakes, has a part of.

    Most companies belong to one or two persons who own nothing else; they are no group, and reading them all would be
    most of the work. Sole traders are no legal persons of their own.
    """
    rows = Relation.objects.everything(because=WHY).filter(
        in_force(dates.today()), relation_type=codes.RelationType.SHAREHOLDER, share__gt=0
    )
    trader = codes.OrganisationType.SOLE_TRADER
    rows = rows.exclude(customer__organisation__organisation_type=trader)
    rows = rows.exclude(related__organisation__organisation_type=trader)
    several = rows.exclude(related=None).values("related").annotate(many=Count("customer", distinct=True))
    linking = Q(related__kind=codes.Kind.ORGANISATION) | Q(related__in=several.filter(many__gt=1).values("related"))
    named = rows.annotate(length=Length("related_name"))
    linking |= Q(related=None, length__gte=LEAST_NAME)
    return rows.filter(customer__in=named.filter(linking).values("customer"))


def _confirmed(trees: Iterable[Tree]) -> dict[int, tuple[int, str]]:
    """Head → (group, signature of its members today), of the confirmed groups that trees speak of.

    A group is found again by its head, or by the head's membership where staff chose another head.
    """
    heads = [tree.head_id for tree in trees]
    rows = GroupMember.objects.everything(because=WHY).filter(
        kind=GroupKind.CORPORATE, valid__contains=dates.today(), group__dissolved_at=None
    )
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for group, customer in rows.values_list("group_id", "customer_id"):
        group_of[customer] = group
        members.setdefault(group, []).append(customer)
    return {head: (group_of[head], signature(members[group_of[head]])) for head in heads if head in group_of}


def _write(trees: list[Tree], confirmed: dict[int, tuple[int, str]]) -> None:
    on = dates.business_date() or dates.today()
    for begin in range(0, len(trees), PORTION):
        portion = trees[begin : begin + PORTION]
        heads = Customer.objects.everything(because=WHY).in_bulk([tree.head_id for tree in portion])
        made = GroupProposal.objects.bulk_create(
            GroupProposal(
                key=tree.key,
                name=heads[tree.head_id].name or heads[tree.head_id].number,
                head_id=tree.head_id,
                group_id=confirmed.get(tree.head_id, (None, ""))[0],
                signature=tree.signature,
                found_on=on,
            )
            for tree in portion
        )
        ProposedMember.objects.bulk_create(
            ProposedMember(proposal=proposal, customer_id=member)
            for proposal, tree in zip(made, portion, strict=True)
            for member in tree.members
        )
