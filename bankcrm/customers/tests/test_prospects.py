"""Making a prospect, after a look at who is there already."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from bankcrm.core.models import AuditEvent
from bankcrm.core.names import pieces
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.by_hand import NewContact, NewDocument, add_contact_point, add_document
from bankcrm.customers.actions.prospects import NewProspect, create_prospect
from bankcrm.customers.models import Customer
from bankcrm.customers.numbers import is_customer_number
from bankcrm.customers.queries.matches import matches
from bankcrm.customers.queries.search import search
from bankcrm.customers.tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db
NEW = {"kind": "person", "name": "王小明", "document_type": "passport", "document_number": "E5550001"}


def create(cast, who="lin", **changed):
    return create_prospect(by=getattr(cast, who), scope=cast.scope(who), new=NewProspect(**{**NEW, **changed}))


def shown(cast, number="E9990001", phone="13900001111"):
    """The cast's customer shows a passport, has a phone, and is found by its name."""
    with as_owner():
        known = Customer.objects.everything(because="test").filter(pk=cast.customer.pk)
        known.update(name_pieces=list(pieces(cast.customer.name)))
    values = {"by": cast.lin, "scope": cast.scope("lin"), "number": cast.customer.number}
    add_document(**values, new=NewDocument("passport", number))
    add_contact_point(**values, new=NewContact("mobile", "primary", phone))


def count():
    return Customer.objects.everything(because="test").filter(status="prospect").count()


def test_a_prospect_has_a_number_a_unit_and_its_creator_as_lead(cast):
    made = create(cast, mobile="13912345678")
    assert is_customer_number(made.number)
    assert (made.status, made.owning_unit, made.lead, made.is_covered) == ("prospect", cast.a, cast.lin, True)
    assert AuditEvent.objects.get(action="customer.create_prospect").customer_id == made.pk
    for needle in ("王小明", "wangxiaoming", "wxm", "E5550001", "13912345678", made.number):
        assert [hit.customer.pk for hit in search(cast.scope("lin"), needle)] == [made.pk], needle


def test_a_prospect_made_on_the_page_stands_behind_the_wall_of_whoever_made_it(cast):
    form = {**NEW, "industry": "", "employer_name": "", "mobile": "13912345678"}
    answer = cast.client("lin").post("/customers/prospects/new/", form)
    made = Customer.objects.everything(because="test").get(status="prospect")
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{made.number}/")


def test_its_unit_and_its_creator_see_it_and_nobody_else(cast):
    number = create(cast).number
    for who, status in (("lin", 200), ("zhao", 200), ("chen", 404)):
        assert cast.client(who).get(f"/customers/{number}/").status_code == status


def test_it_stands_in_the_list_with_its_mark_and_can_be_filtered(cast):
    create(cast)
    page = cast.client("zhao").get("/customers/", {"status": "prospect"}).content.decode()
    assert "王小明" in page and "Prospect" in page and cast.customer.name not in page


def test_the_same_document_is_refused_whatever_was_looked_at(cast):
    shown(cast)
    with pytest.raises(ValidationError) as caught:
        create(cast, document_number="E9990001", seen=frozenset({cast.customer.pk}))
    assert caught.value.error_dict["document_number"][0].code == "held"
    assert count() == 0


@pytest.mark.parametrize("same", [{"mobile": "139 0000 1111"}, {"name": "张建国"}])
def test_who_may_be_the_same_must_be_looked_at(cast, same):
    shown(cast)
    with pytest.raises(ValidationError) as caught:
        create(cast, **same)
    assert caught.value.code == "look" and count() == 0
    assert create(cast, **same, seen=frozenset({cast.customer.pk})).status == "prospect"


def test_of_a_customer_out_of_scope_only_the_unit_is_said(cast):
    shown(cast)
    chen = cast.scope("chen")
    by_document = matches(chen, document_type="passport", document_number="e9990001")
    by_phone = matches(chen, phone="8613900001111")
    assert [(one.number, one.name, one.unit) for one in (*by_document, *by_phone)] == [("", "", cast.a.label)] * 2
    assert matches(chen, name=cast.customer.name) == []
    assert matches(cast.scope("lin"), name=cast.customer.name)[0].number == cast.customer.number


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "王"}, "name"),
        ({"document_number": ""}, "mobile"),
        ({"kind": "robot"}, "kind"),
        ({"document_type": "resident_id"}, "document_number"),
        ({"mobile": "12"}, "value"),
    ],
)
def test_what_makes_no_sense_makes_no_prospect(cast, changed, field):
    with pytest.raises(ValidationError) as caught:
        create(cast, **changed)
    assert field in caught.value.error_dict and count() == 0


def test_nobody_creates_without_the_permission(cast):
    with pytest.raises(PermissionDenied):
        create(cast, who="wu")


def test_the_form_shows_who_may_be_the_same_and_creates_after_the_look(cast):
    CustomerFactory(owning_unit=cast.a, name="王小明", name_pieces=list(pieces("王小明")))
    client = cast.client("zhao")
    typed = {**NEW, "mobile": "13912345678"}
    assert "Same name" in client.post("/customers/prospects/matches/", typed).content.decode()
    refused = client.post("/customers/prospects/new/", typed)
    assert refused.status_code == 422 and "Look at the customers" in refused.content.decode()
    twin = Customer.objects.everything(because="test").get(name="王小明")
    made = client.post("/customers/prospects/new/", {**typed, "seen": [twin.pk]})
    assert made.status_code == 302
    assert "Prospect" in client.get(made.url).content.decode()
