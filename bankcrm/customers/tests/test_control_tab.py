"""The tab of groups and control: what a reader sees of controllers, beneficial owners and companies."""

from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bankcrm.customers.queries import stakes
from bankcrm.customers.queries.control import control
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import CustomerFactory, OrganisationFactory, RelationFactory

pytestmark = pytest.mark.django_db


def held(company, holder, share, **more):
    who = {"related": holder} if not isinstance(holder, str) else {"related": None, "related_name": holder}
    return RelationFactory(customer=company, relation_type="shareholder", share=Decimal(share), **who, **more)


def of(cast, customer, who="zhao"):
    return control(subject(cast.scope(who), customer.number))


@pytest.fixture
def worked(cast):
    """A → B 60 %, A → C 30 %, B → C 25 %, and a person behind A."""
    a, b, c = (OrganisationFactory(owning_unit=cast.a, name=f"江南{name}有限公司") for name in "甲乙丙")
    person = CustomerFactory(owning_unit=cast.a, name="林国栋")
    held(a, person, "0.8"), held(b, a, "0.6"), held(c, a, "0.3"), held(c, b, "0.25")
    return a, b, c, person


def test_the_worked_example_stands_on_the_page(cast, worked):
    a, _b, c, person = worked
    found = of(cast, c)
    line = next(line for line in found.above if line.node.number == a.number)
    assert (line.votes, line.interest, line.is_control) == (Decimal("0.55"), Decimal("0.45"), True)
    assert [(way.through, way.worth) for way in line.ways] == [
        ((), Decimal("0.3")),
        (("江南乙有限公司",), Decimal("0.15")),
    ]
    assert found.controller.node.number == person.number
    assert [(one.node.number, one.ground, one.interest) for one in found.owners] == [
        (person.number, "interest", Decimal("0.36"))
    ]


def test_a_person_sees_the_companies_below(cast, worked):
    _a, _b, c, person = worked
    line = next(line for line in of(cast, person).below if line.node.number == c.number)
    assert (line.votes, line.interest, line.is_control) == (Decimal("0.55"), Decimal("0.36"), True)


def test_kin_of_a_person_stand_beside_the_companies(cast):
    wife = CustomerFactory(owning_unit=cast.a, name="陈静")
    RelationFactory(customer=cast.customer, relation_type="child", related=None, related_name="张小宝")
    RelationFactory(customer=cast.customer, relation_type="spouse", related=wife)
    RelationFactory(customer=cast.customer, relation_type="employer", related=None, related_name="江南精工")
    assert [line.node.name for line in of(cast, cast.customer).kin] == ["陈静", "张**"]


def test_a_controller_of_another_branch_appears_by_masked_name_only(cast, worked):
    stranger = CustomerFactory(owning_unit=cast.b, name="欧阳明月")
    company = OrganisationFactory(owning_unit=cast.a)
    held(company, stranger, "0.7")
    found = of(cast, company)
    assert (found.controller.node.name, found.controller.node.number) == ("欧***", "")
    page = cast.client("zhao").get(reverse("customers:groups", args=[company.number])).content.decode()
    assert "欧阳明月" not in page and stranger.number not in page


def test_the_state_steers_and_the_legal_representative_is_the_beneficial_owner(cast):
    company = OrganisationFactory(owning_unit=cast.a)
    held(company, "江州市国有资产监督管理委员会", "1")
    chief = CustomerFactory(owning_unit=cast.a, name="王国华")
    RelationFactory(customer=company, relation_type="legal_representative", related=chief)
    found = of(cast, company)
    assert found.controller.is_state
    assert [(one.node.name, one.ground) for one in found.owners] == [("王国华", "in_charge")]


def test_a_custodian_owns_without_steering(cast):
    company = OrganisationFactory(owning_unit=cast.a)
    held(company, "香港中央结算有限公司", "0.7")
    found = of(cast, company)
    assert found.controller is None and found.above[0].is_custodian and not found.above[0].is_control


def test_two_outsiders_of_one_name_are_two_persons_and_one_organisation(cast):
    one, two, parent = OrganisationFactory.create_batch(3, owning_unit=cast.a)
    for company in (one, two):
        held(parent, company, "0.5")
        held(company, "张伟", "0.5")
        held(company, "海外控股集团有限公司", "0.5")
    names = [line.node.name for line in of(cast, parent).above]
    assert names.count("张*") + names.count("张***") == 2
    assert names.count("海外控股集团有限公司") == 1


def test_what_has_ended_gives_no_control(cast):
    company = OrganisationFactory(owning_unit=cast.a)
    held(company, OrganisationFactory(owning_unit=cast.a), "0.9", to_on="2026-11-23")
    assert of(cast, company).controller is None


def test_too_many_parties_are_cut_and_said(cast, monkeypatch):
    monkeypatch.setattr(stakes, "PARTY_LIMIT", 5)
    parent = OrganisationFactory(owning_unit=cast.a)
    for company in OrganisationFactory.create_batch(7, owning_unit=cast.a):
        held(company, parent, "0.4")
    found = of(cast, parent)
    assert found.around.is_cut and len(found.below) == 5


def test_a_line_that_goes_on_too_deep_is_cut_and_said(cast, monkeypatch):
    monkeypatch.setattr(stakes, "DEPTH", 2)
    line = OrganisationFactory.create_batch(4, owning_unit=cast.a)
    for below, above in pairwise(line):
        held(below, above, "0.9")
    assert of(cast, line[0]).around.is_cut
    assert not of(cast, line[1]).around.is_cut


def test_shares_that_add_up_to_too_much_are_said(cast):
    company = OrganisationFactory(owning_unit=cast.a, name="江南精工")
    for holder in OrganisationFactory.create_batch(2, owning_unit=cast.a):
        held(company, holder, "0.8")
    found = of(cast, company)
    assert found.overstated == ("江南精工",) and found.controller is None


def test_more_holders_cost_no_more_queries(cast):
    counts = []
    for many in (10, 20):
        company = OrganisationFactory(owning_unit=cast.a)
        for _ in range(many):
            held(company, CustomerFactory(owning_unit=cast.a), "0.03")
        who = subject(cast.scope("zhao"), company.number)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            control(who)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 9  # of which two read parameters


def test_the_tab_is_not_found_out_of_scope(cast, worked):
    address = reverse("customers:groups", args=[worked[0].number])
    assert cast.client("chen").get(address).status_code == 404
    assert cast.client("zhao").get(address).status_code == 200
    assert cast.client("call").get(address).status_code == 403
