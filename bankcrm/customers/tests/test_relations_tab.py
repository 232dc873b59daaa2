"""The graph of relations: direction, control, what a reader may see of the other end."""

import datetime as dt
from decimal import Decimal

import pytest

from bankcrm.customers.queries.relations import NODE_LIMIT, edge_label, relation_graph
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import CustomerFactory, OrganisationFactory, RelationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(cast):
    return OrganisationFactory(owning_unit=cast.a, name="江南精工")


def held(company, holder, share):
    return RelationFactory(customer=company, relation_type="shareholder", related=holder, share=Decimal(share))


def graph_of(cast, customer, who="zhao"):
    return relation_graph(subject(cast.scope(who), customer.number))


def test_the_arrow_runs_from_the_shareholder_to_the_company(cast, company):
    parent = OrganisationFactory(owning_unit=cast.a, name="江南控股")
    held(company, parent, "0.6")
    (edge,) = graph_of(cast, company).edges
    assert (edge.source.name, edge.target.name, edge.is_control) == ("江南控股", "江南精工", True)
    assert edge_label(edge).endswith("60%")


def test_the_same_relation_is_seen_from_the_other_side(cast, company):
    parent = OrganisationFactory(owning_unit=cast.a, name="江南控股")
    held(company, parent, "0.6")
    (edge,) = graph_of(cast, parent).direct
    assert edge.source.is_subject and edge.other.name == "江南精工"


def test_half_is_no_control(cast, company):
    held(company, OrganisationFactory(owning_unit=cast.a), "0.5")
    assert not graph_of(cast, company).edges[0].is_control


def test_a_party_of_another_branch_is_masked_and_cannot_be_opened(cast, company):
    held(company, CustomerFactory(owning_unit=cast.b, name="欧阳明月"), "0.3")
    (edge,) = graph_of(cast, company).edges
    assert (edge.source.name, edge.source.number) == ("欧***", "")


def test_an_organisation_of_another_branch_keeps_its_public_name(cast, company):
    held(company, OrganisationFactory(owning_unit=cast.b, name="海外控股"), "0.3")
    (edge,) = graph_of(cast, company).edges
    assert (edge.source.name, edge.source.number) == ("海外控股", "")


def test_a_sole_traders_name_is_a_persons(cast, company):
    trader = OrganisationFactory(owning_unit=cast.b, name="王记小吃", profile__organisation_type="sole_trader")
    RelationFactory(customer=company, relation_type="trading_partner", related=trader)
    assert graph_of(cast, company).edges[0].source.name == "王***"


def test_shareholders_of_shareholders_come_along(cast, company):
    parent, grandparent = OrganisationFactory.create_batch(2, owning_unit=cast.a)
    held(company, parent, "0.6")
    held(parent, grandparent, "0.9")
    graph = graph_of(cast, company)
    assert len(graph.direct) == 1 and len(graph.indirect) == 1


def test_what_has_ended_is_not_shown(cast, company):
    RelationFactory(customer=company, relation_type="executive", to_on=dt.date(2026, 11, 23))
    RelationFactory(customer=company, relation_type="executive", to_on=dt.date(2026, 11, 24))
    assert len(graph_of(cast, company).edges) == 1


def test_two_systems_that_say_the_same_make_one_edge(cast, company):
    parent = OrganisationFactory(owning_unit=cast.a)
    held(company, parent, "0.6")
    held(company, parent, "0.6")
    assert len(graph_of(cast, company).edges) == 1


def test_more_parties_than_can_be_drawn_are_cut_and_said(cast, company):
    for _ in range(NODE_LIMIT + 5):
        RelationFactory(
            customer=company, relation_type="trading_partner", related=None, related_name=f"供应商{_:03d}号"
        )
    graph = graph_of(cast, company)
    assert graph.is_cut and len(graph.nodes) == NODE_LIMIT


def test_a_crowd_of_employees_is_drawn_as_one_and_listed_by_name(cast, company):
    for number in range(8):
        employee = CustomerFactory(owning_unit=cast.a, name=f"张{number}")
        RelationFactory(customer=employee, relation_type="employer", related=company)
    held(company, OrganisationFactory(owning_unit=cast.a), "0.6")
    graph = graph_of(cast, company)
    assert len(graph.direct) == 9 and graph.direct[0].ground == "control"
    drawn = graph.data()
    assert [node["kind"] for node in drawn["nodes"]].count("crowd") == 1
    assert len(drawn["nodes"]) == 3 and len(drawn["edges"]) == 2


def test_lines_between_the_same_two_are_one_with_both_words(cast, company):
    holder = CustomerFactory(owning_unit=cast.a)
    held(company, holder, "0.3")
    RelationFactory(customer=company, relation_type="executive", related=holder)
    (line,) = graph_of(cast, company).data()["edges"]
    assert line["ground"] == "control" and len(line["label"].splitlines()) == 2


def test_owners_come_before_any_number_of_employees(cast, company):
    for number in range(NODE_LIMIT * 2 + 1):
        employee = {"related": None, "related_name": f"供应商{number:03d}号"}
        RelationFactory(customer=company, relation_type="employer", **employee)
    held(company, OrganisationFactory(owning_unit=cast.a), "0.6")
    graph = graph_of(cast, company)
    assert graph.is_cut and graph.direct[0].is_control


def test_what_an_employee_owns_is_nobodys_business_here(cast, company):
    employee = CustomerFactory(owning_unit=cast.a)
    RelationFactory(customer=employee, relation_type="employer", related=company)
    held(OrganisationFactory(owning_unit=cast.a), employee, "0.9")
    assert graph_of(cast, company).indirect == ()
