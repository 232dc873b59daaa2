"""What staff add by hand and the prospects they make, through real loads."""

import pytest

from bankcrm.core.models import AuditEvent
from bankcrm.customers.actions.by_hand import (
    NewContact,
    NewDocument,
    NewRelation,
    add_contact_point,
    add_document,
    add_relation,
)
from bankcrm.customers.actions.prospects import NewProspect, create_prospect
from bankcrm.customers.models import (
    ContactPoint,
    Coverage,
    Customer,
    CustomerVisibility,
    OwningPeriod,
    Relation,
    SearchKey,
    StaffEntry,
)
from bankcrm.feeds.tests.small_bank import FIRST, covering, customers, document, next_day, person
from bankcrm.identity.models import MatchCandidate
from bankcrm.org.models import User
from bankcrm.org.tests.factories import scope_of

PEOPLE = [person("1", "张三"), person("2", "李四")]


@pytest.fixture
def bank(small_bank):
    small_bank.load()
    return small_bank


@pytest.fixture
def lin(bank):
    """The manager E1 of branch A."""
    return User.objects.get(username="E1")


def contact(number, value, **more):
    return {
        "source_system": "CORE", "customer_id": number, "contact_type": "mobile", "purpose": "primary",
        "value": value, **more,
    }  # fmt: skip


def everything(model):
    return model.objects.everything(because="test")


def keys(customer, kind="phone"):
    return set(everything(SearchKey).filter(customer=customer, kind=kind).values_list("value", flat=True))


def test_entries_outlive_loads_and_are_taken_over_without_a_double(bank, lin):
    zhang, scope = customers()["张三"], scope_of(lin)
    add = {"by": lin, "scope": scope, "number": zhang.number}
    add_contact_point(**add, new=NewContact("mobile", "primary", "13912345678"))
    add_contact_point(**add, new=NewContact("mobile", "work", "13900000000"))
    add_document(**add, new=NewDocument("passport", "E7777777"))
    add_relation(**add, new=NewRelation("spouse", related_name="王芳"))

    bank.load({**FIRST, "contact_point": [contact("1", "13700000000")]}, day=next_day(1))
    assert everything(StaffEntry).filter(ended_at=None).count() == 4
    assert keys(zhang) == {"13912345678", "13900000000", "13700000000"}
    assert "E7777777" in keys(zhang, "document")

    feeds = {
        "contact_point": [contact("1", "86-139-1234-5678")],
        "identity_document": [*FIRST["identity_document"], document("1", "e7777777")],
        "relation": [
            {"source_system": "CORE", "relation_id": "R1", "customer_id": "1", "relation_type": "spouse",
             "related_name": "王芳"},
        ],
    }  # fmt: skip
    bank.load({**FIRST, **feeds}, day=next_day(2))
    assert everything(StaffEntry).filter(ending="delivered").count() == 3
    assert AuditEvent.objects.filter(action="customer.entry_delivered", customer_id=zhang.pk).count() == 3
    assert {row.feed_key[:6] for row in everything(Relation)} == {"CORE/R"}
    assert sorted(everything(ContactPoint).values_list("value", flat=True)) == ["13900000000", "86-139-1234-5678"]
    assert "13900000000" in keys(zhang)


def test_a_phone_that_staff_entered_is_still_found_when_the_source_drops_it_in_the_same_night(bank, lin):
    bank.load({**FIRST, "contact_point": [contact("1", "139 1234 5678")]}, day=next_day(1))
    zhang = customers()["张三"]
    add_contact_point(by=lin, scope=scope_of(lin), number=zhang.number, new=NewContact("phone", "work", "13912345678"))
    bank.load({**FIRST, "contact_point": [contact("2", "13700000000")]}, day=next_day(2))
    assert keys(zhang) == {"13912345678"}


def prospect(lin, **changed):
    values = {"kind": "person", "name": "王小明", "document_type": "passport", "document_number": "E5550001", **changed}
    return create_prospect(by=lin, scope=scope_of(lin), new=NewProspect(**values))


def test_a_prospect_outlives_loads_and_becomes_the_customer_that_a_source_delivers(bank, lin):
    made = prospect(lin, mobile="13912345678")
    bank.load({**FIRST, "person": [*PEOPLE, person("3", "别人")]}, day=next_day(1))
    assert customers()["王小明"].status == "prospect"

    feeds = {
        "person": [*PEOPLE, person("9", "王小明", unit_id="B", opened_on="2026-11-20")],
        "identity_document": [*FIRST["identity_document"], document("9", "E5550001")],
    }
    bank.load({**FIRST, **feeds}, day=next_day(2))
    now = customers()["王小明"]
    assert (now.pk, now.number, now.status) == (made.pk, made.number, "active")
    assert [source.source_id for source in now.sources.all()] == ["9"]
    assert now.owning_unit.code == "B"
    owning = CustomerVisibility.objects.filter(customer_id=now.pk, reason="owning")
    assert [row.unit.code for row in owning] == ["B"]
    assert everything(OwningPeriod).filter(customer=now, to_on=None).get().unit.code == "B"
    assert (now.lead, now.is_covered) == (lin, True)  # the feed names nobody else
    assert everything(ContactPoint).get(customer=now).value == "13912345678"
    event = AuditEvent.objects.get(action="customer.became_customer")
    assert (event.customer_id, event.before, event.after) == (now.pk, {"status": "prospect"}, {"status": "active"})

    bank.load({**FIRST, **feeds, "coverage": [covering("9", "E2", from_on="2026-11-25")]}, day=next_day(3))
    now = customers()["王小明"]
    assert now.lead.username == "E2"
    held = everything(Coverage).filter(customer=now, valid__contains=next_day(30))
    assert [row.user.username for row in held] == ["E2"]


def test_another_name_with_the_same_document_is_no_match_but_a_pair_to_look_at(bank, lin):
    made = prospect(lin)
    feeds = {
        "person": [*PEOPLE, person("9", "赵大海")],
        "identity_document": [*FIRST["identity_document"], document("9", "E5550001")],
    }
    bank.load({**FIRST, **feeds}, day=next_day(1))
    assert customers()["王小明"].status == "prospect" and customers()["赵大海"].pk != made.pk
    pair = MatchCandidate.objects.get()
    assert made.pk in (pair.left_id, pair.right_id) and pair.reason == "name_differs"


def test_a_prospect_made_while_a_load_is_under_way_is_a_pair_after_the_next(bank, lin):
    feeds = {
        "person": [*PEOPLE, person("9", "王小明")],
        "identity_document": [*FIRST["identity_document"], document("9", "E5550001")],
    }
    made = []

    def meanwhile(message, _share):
        if message == "publish_build" and not made:
            made.append(prospect(lin))

    bank.load({**FIRST, **feeds}, day=next_day(1), tell=meanwhile)
    assert Customer.objects.everything(because="test").filter(name="王小明").count() == 2
    bank.load({**FIRST, **feeds}, day=next_day(2))
    assert MatchCandidate.objects.get().reason == "would_join"
