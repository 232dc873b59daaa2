"""Groups and households: proposed by a rule, decided by people, summed within the reader's scope."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions import groups as actions
from bankcrm.customers.actions.group_proposals import propose_groups
from bankcrm.customers.models import CustomerGroup, GroupMember, GroupProposal
from bankcrm.customers.queries import groups as queries
from bankcrm.customers.queries.header import header
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import (
    NOW,
    ContactPointFactory,
    CustomerFactory,
    FacilityFactory,
    FiguresFactory,
    OrganisationFactory,
    RelationFactory,
    VisibilityFactory,
)
from bankcrm.customers.tests.group_factories import GroupFactory, ProposalFactory

pytestmark = pytest.mark.django_db
WHY = "经客户部审议"
BANK = "a test looks at all rows"


def held(company, holder, share):
    who = {"related": holder} if not isinstance(holder, str) else {"related": None, "related_name": holder}
    return RelationFactory(customer=company, relation_type="shareholder", share=Decimal(share), **who)


def propose():
    with as_owner():
        return propose_groups(by=Scope.system(because="a test"))


def all_proposals():
    rows = GroupProposal.objects.everything(because=BANK)
    return [
        (row, set(row.memberships.everything(because=BANK).values_list("customer__name", flat=True))) for row in rows
    ]


@pytest.fixture
def tree(cast):
    """甲 holds 60 % of 乙, and 55 % of the votes in 丙 with 乙's."""
    a, b, c = (OrganisationFactory(owning_unit=cast.a, name=name) for name in ("甲公司", "乙公司", "丙公司"))
    held(b, a, "0.6"), held(c, a, "0.3"), held(c, b, "0.25")
    return a, b, c


def test_one_tree_for_each_controller_is_proposed(cast, tree):
    assert propose() == 1
    ((row, members),) = all_proposals()
    assert (row.name, members) == ("甲公司", {"甲公司", "乙公司", "丙公司"})


def test_the_state_and_joint_ventures_make_no_group(cast):
    one, two, venture = OrganisationFactory.create_batch(3, owning_unit=cast.a)
    held(one, "江州市国有资产监督管理委员会", "1"), held(two, "江州市国有资产监督管理委员会", "1")
    held(venture, one, "0.5"), held(venture, two, "0.5")
    assert propose() == 0


def test_two_companies_of_one_person_are_one_group_and_a_sole_trader_is_no_enterprise(cast):
    person = CustomerFactory(owning_unit=cast.a)
    one, two = (OrganisationFactory(owning_unit=cast.a, name=name) for name in ("甲公司", "乙公司"))
    trader = OrganisationFactory(owning_unit=cast.a, profile__organisation_type="sole_trader")
    for company in (one, two, trader):
        held(company, person, "0.9")
    propose()
    ((_row, members),) = all_proposals()
    assert members == {"甲公司", "乙公司"}


def test_proposing_again_changes_nothing_and_a_changed_tree_is_proposed_anew(cast, tree):
    propose()
    ((row, _members),) = all_proposals()
    propose()
    assert all_proposals()[0][0].pk == row.pk
    held(OrganisationFactory(owning_unit=cast.a, name="丁公司"), tree[2], "1")
    propose()
    ((anew, members),) = all_proposals()
    assert anew.pk != row.pk and "丁公司" in members


def confirm(cast, who="zhao"):
    propose()
    ((row, _members),) = all_proposals()
    return actions.confirm_proposal(by=getattr(cast, who), scope=cast.scope(who), proposal_id=row.pk, reason=WHY)


def test_a_confirmed_proposal_is_a_group_and_no_proposal_any_more(cast, tree):
    group = confirm(cast)
    assert propose() == 0
    today = group.memberships.everything(because=BANK).filter(valid__contains=dates.today())
    assert {member.customer_id for member in today} == {customer.pk for customer in tree}
    event = AuditEvent.objects.filter(action="group.confirm").get()
    assert event.reason == WHY and event.after["members"] == sorted(customer.pk for customer in tree)


def test_a_changed_tree_changes_the_confirmed_group_and_keeps_the_version_before(cast, tree):
    group = confirm(cast)
    with dates.clock_at(NOW + dt.timedelta(days=30)):
        with as_owner():
            tree[2].relations.everything(because=BANK).update(to_on=dates.today())
        held(OrganisationFactory(owning_unit=cast.a, name="丁公司"), tree[0], "1")
        assert confirm(cast).pk == group.pk
        names = group.memberships.everything(because=BANK).filter(valid__contains=dates.today())
        assert set(names.values_list("customer__name", flat=True)) == {"甲公司", "乙公司", "丁公司"}
    before = group.memberships.everything(because=BANK).filter(valid__contains=NOW.date())
    assert set(before.values_list("customer__name", flat=True)) == {"甲公司", "乙公司", "丙公司"}


def test_what_was_declined_is_not_proposed_again(cast, tree):
    propose()
    ((row, _members),) = all_proposals()
    actions.decline_proposal(by=cast.zhao, scope=cast.scope("zhao"), proposal_id=row.pk, reason=WHY)
    assert propose() == 0
    assert queries.proposals(cast.scope("zhao")) == []


def test_who_does_not_see_all_members_cannot_decide(cast, tree):
    held(OrganisationFactory(owning_unit=cast.b), tree[0], "1")
    with pytest.raises(ValidationError, match=r"1|外"):
        confirm(cast)
    assert not CustomerGroup.objects.everything(because=BANK).exists()
    confirm(cast, "steward")


def test_deciding_needs_the_permission(cast, tree):
    with pytest.raises(PermissionDenied):
        confirm(cast, "wu")


def test_a_reason_that_says_nothing_is_refused(cast, tree):
    propose()
    ((row, _members),) = all_proposals()
    with pytest.raises(ValidationError):
        actions.confirm_proposal(by=cast.zhao, scope=cast.scope("zhao"), proposal_id=row.pk, reason=" . ")


@pytest.fixture
def group(cast, tree):
    return GroupFactory(members=tree, confirmed_by=cast.zhao)


def test_a_customer_is_in_one_group_at_a_time(cast, tree, group):
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupFactory(members=tree[:1], confirmed_by=cast.zhao)
    other = GroupFactory(members=[OrganisationFactory(owning_unit=cast.a)], confirmed_by=cast.zhao)
    with pytest.raises(ValidationError) as caught:
        actions.add_member(by=cast.zhao, scope=cast.scope("zhao"), group_id=other.pk, number=tree[1].number, reason=WHY)
    assert caught.value.code == "taken"


def test_members_come_and_go_by_hand_with_a_reason(cast, tree, group):
    scope = {"by": cast.zhao, "scope": cast.scope("zhao"), "group_id": group.pk, "reason": WHY}
    fresh = OrganisationFactory(owning_unit=cast.a)
    assert actions.add_member(number=fresh.number, **scope).ground == "hand"
    actions.remove_member(customer_id=tree[1].pk, **scope)
    _row, _name, page = queries.group(cast.scope("zhao"), group.pk)
    assert {member.id for member in page.members} == {tree[0].pk, tree[2].pk, fresh.pk}
    assert [(member.id, member.to_on) for member in page.former] == [(tree[1].pk, NOW.date())]
    with pytest.raises(ValidationError):
        actions.remove_member(customer_id=tree[0].pk, **scope)  # the head
    with pytest.raises(ValidationError):
        actions.add_member(number=cast.customer.number, **scope)  # a person


def test_a_dissolved_group_has_no_members_and_cannot_be_changed(cast, tree, group):
    scope = {"by": cast.zhao, "scope": cast.scope("zhao"), "group_id": group.pk, "reason": WHY}
    actions.dissolve(**scope)
    _row, _name, page = queries.group(cast.scope("zhao"), group.pk)
    assert page.members == () and len(page.former) == 3
    with pytest.raises(ValidationError):
        actions.dissolve(**scope)


def test_the_page_sums_members_in_scope_and_counts_the_others(cast, tree):
    stranger = OrganisationFactory(owning_unit=cast.b, name="海外公司")
    group = GroupFactory(members=[*tree, stranger], confirmed_by=cast.zhao)
    for customer in (*tree, stranger):
        FiguresFactory(customer=customer, deposit_end=Decimal("100.00"))
    FacilityFactory(customer=tree[0]), FacilityFactory(customer=stranger)
    VisibilityFactory(customer=tree[1], unit=cast.b, reason="booking")
    shown = cast.client("zhao").get(reverse("customers:group", args=[group.pk])).content.decode()
    assert "0.03" in shown  # 300 yuan, in units of 10,000
    _row, _name, page = queries.group(cast.scope("zhao"), group.pk)
    sums = page.sums
    assert (sums.deposit, sums.seen, sums.unseen, sums.shared) == (Decimal("300.00"), 3, 1, 1)
    assert [(one.limit, one.count) for one in sums.facilities] == [(Decimal("1000.00"), 1)]
    assert not page.may_decide
    shown = next(member for member in page.members if not member.id)
    assert (shown.name, shown.number, shown.deposit) == ("海外公司", "", None)


def test_a_group_is_seen_through_any_member_and_by_nobody_else(cast, tree, group):
    lonely = GroupFactory(members=[OrganisationFactory(owning_unit=cast.b)], confirmed_by=cast.chen)
    for who, mine, others in (("zhao", group, lonely), ("chen", lonely, group)):
        client = cast.client(who)
        assert client.get(reverse("customers:group", args=[mine.pk])).status_code == 200
        assert client.get(reverse("customers:group", args=[others.pk])).status_code == 404
        assert [line.pk for line in queries.groups(cast.scope(who), "corporate")] == [mine.pk]


def test_more_groups_cost_no_more_queries(cast):
    counts = []
    for _ in range(2):
        for _number in range(10):
            ProposalFactory(members=OrganisationFactory.create_batch(2, owning_unit=cast.a))
        with CaptureQueriesContext(connection) as seen:
            assert queries.proposals(cast.scope("zhao"))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def marks(cast, customer):
    return [mark.code for mark in header(subject(cast.scope("zhao"), customer.number)).marks]


def test_the_head_marks_members_and_those_proposed(cast, fake_lake, tree):
    assert "group" not in marks(cast, tree[1])
    propose()
    assert "group_proposed" in marks(cast, tree[1]) and "group" not in marks(cast, tree[1])
    confirm(cast)
    assert "group" in marks(cast, tree[1]) and "group_proposed" not in marks(cast, tree[1])


@pytest.fixture
def family(cast):
    """A couple, a child of ten, a grown-up child elsewhere, and a grandmother who shares the couple's phone."""
    wife = CustomerFactory(owning_unit=cast.a, name="王芳", profile__birth_on=dt.date(1986, 1, 1))
    child = CustomerFactory(owning_unit=cast.a, name="张小宝", profile__birth_on=dt.date(2016, 1, 1))
    grown = CustomerFactory(owning_unit=cast.a, name="张大宝", profile__birth_on=dt.date(1995, 1, 1))
    granny = CustomerFactory(owning_unit=cast.a, name="李秀英", profile__birth_on=dt.date(1950, 1, 1))
    RelationFactory(customer=cast.customer, relation_type="spouse", related=wife)
    RelationFactory(customer=wife, relation_type="child", related=child)
    RelationFactory(customer=cast.customer, relation_type="child", related=grown)
    RelationFactory(customer=cast.customer, relation_type="parent", related=granny)
    for person in (cast.customer, granny):
        ContactPointFactory(customer=person, contact_type="phone", value="0791-1234567")
    return {"husband": cast.customer, "wife": wife, "child": child, "grown": grown, "granny": granny}


def test_a_household_is_spouses_children_at_home_and_who_shares_their_phone(cast, family):
    found = queries.household_members(subject(cast.scope("zhao"), family["wife"].number))
    assert found[0] == family["wife"].pk
    assert set(found) == {family[who].pk for who in ("husband", "wife", "child", "granny")}
    assert queries.household_members(subject(cast.scope("zhao"), family["grown"].number)) == [family["grown"].pk]


def test_a_household_is_confirmed_on_the_persons_tab(cast, family):
    client = cast.client("zhao")
    number = family["husband"].number
    assert "张小宝" in client.get(reverse("customers:groups", args=[number])).content.decode()
    answer = client.post(reverse("customers:confirm-household", args=[number]), {"reason": WHY})
    made = CustomerGroup.objects.everything(because=BANK).get()
    assert answer.url == reverse("customers:group", args=[made.pk])
    assert GroupMember.objects.everything(because=BANK).filter(group=made, ground="kin").count() == 4
    again = client.post(reverse("customers:confirm-household", args=[family["wife"].number]), {"reason": WHY})
    assert again.status_code == 422


def test_the_pages_of_a_group_act(cast, tree, group):
    client, address = cast.client("zhao"), reverse("customers:group", args=[group.pk])
    assert client.get(reverse("customers:group-list"), {"view": "corporate"}).status_code == 200
    fresh = OrganisationFactory(owning_unit=cast.a)
    wrong = client.post(address + "add/", {"add-number": "123", "add-reason": WHY})
    assert wrong.status_code == 422 and "no such customer" in wrong.content.decode()
    assert client.post(address + "add/", {"add-number": fresh.number, "add-reason": WHY}).status_code == 302
    assert client.post(address + "remove/", {"remove-customer": fresh.pk, "remove-reason": WHY}).status_code == 302
    assert client.post(address + "dissolve/", {"dissolve-reason": WHY}).status_code == 302
    assert "dissolved" in client.get(address).content.decode()


def test_the_pages_of_a_proposal_act(cast, tree):
    propose()
    ((row, _members),) = all_proposals()
    client, address = cast.client("zhao"), reverse("customers:group-proposal", args=[row.pk])
    assert "丙公司" in client.get(address).content.decode()
    assert client.post(address + "confirm/", {"confirm-reason": ""}).status_code == 422
    assert client.post(address + "decline/", {"decline-reason": WHY}).url == reverse("customers:group-list")
    assert client.get(address).status_code == 404
