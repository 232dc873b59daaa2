"""What staff add by hand: contact points, documents, relations; and ending them again."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override

from bankcrm.core.models import AuditEvent
from bankcrm.core.names import pieces
from bankcrm.customers.actions.by_hand import (
    NewContact,
    NewDocument,
    NewRelation,
    add_contact_point,
    add_document,
    add_relation,
    end_entry,
)
from bankcrm.customers.models import ContactPoint, Customer, IdentityDocument, Relation, StaffEntry
from bankcrm.customers.queries.search import search
from bankcrm.customers.tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db
MOBILE = NewContact("mobile", "primary", "139 1234-5678")
PASSPORT = NewDocument("passport", "e 7654321")
WHY = "客户来电说已停用"


def add(cast, what, new, who="lin"):
    return what(by=getattr(cast, who), scope=cast.scope(who), number=cast.customer.number, new=new)


def end(cast, entry, who="lin"):
    return end_entry(
        by=getattr(cast, who), scope=cast.scope(who), number=cast.customer.number, entry_id=entry.pk, reason=WHY
    )


def found(cast, needle):
    return [hit.customer.pk for hit in search(cast.scope("lin"), needle)]


def rows(model):
    return list(model.objects.everything(because="test").filter(feed_key__startswith="@staff/"))


def test_a_phone_is_found_at_once_and_not_any_more_once_it_is_ended(cast):
    entry = add(cast, add_contact_point, MOBILE)
    assert [row.value for row in rows(ContactPoint)] == ["13912345678"]
    assert found(cast, "13912345678") == [cast.customer.pk]
    end(cast, entry)
    assert found(cast, "13912345678") == [] and rows(ContactPoint) == []
    entry.refresh_from_db()
    assert (entry.ending, entry.ended_by, entry.reason) == ("ended", cast.lin, WHY)


def test_a_phone_that_a_source_delivers_too_is_still_found_after_the_end(cast):
    entry = add(cast, add_contact_point, MOBILE)
    from bankcrm.core.testing import as_owner

    with as_owner():
        ContactPoint.objects.create(
            feed_key="CORE/1", source_key="CORE/1", customer=cast.customer, contact_type="phone", purpose="home",
            value="139-1234-5678",
        )  # fmt: skip
    end(cast, entry)
    assert found(cast, "13912345678") == [cast.customer.pk]


def test_a_document_is_kept_in_capitals_and_found_at_once(cast):
    entry = add(cast, add_document, PASSPORT)
    assert [row.document_number for row in rows(IdentityDocument)] == ["E7654321"]
    assert found(cast, "E7654321") == [cast.customer.pk]
    end(cast, entry)
    assert found(cast, "E7654321") == []


@pytest.mark.parametrize(
    ("what", "new", "field", "code"),
    [
        (add_contact_point, NewContact("mobile", "primary", "123"), "value", "not_a_phone"),
        (add_contact_point, NewContact("email", "primary", "lin.example.com"), "value", "not_an_e_mail"),
        (add_contact_point, NewContact("address", "home", "  "), "value", "empty"),
        (add_contact_point, NewContact("pigeon", "home", "x"), "contact_type", None),
        (add_document, NewDocument("resident_id", "440524188001010015"), "document_number", "wrong_number"),
        (add_document, NewDocument("uscc", "91350100M000100Y4Z"), "document_number", "wrong_number"),
        (
            add_document,
            NewDocument("passport", "E1234567", dt.date(2026, 1, 2), dt.date(2026, 1, 1)),
            "expires_on",
            "backwards",
        ),
        (add_relation, NewRelation("spouse"), "related_name", None),
        (add_relation, NewRelation("shareholder", related_name="甲", share=Decimal("1.2")), "share", None),
    ],
)
def test_what_a_feed_would_refuse_staff_cannot_enter(cast, what, new, field, code):
    with pytest.raises(ValidationError) as caught:
        add(cast, what, new)
    assert caught.value.error_dict[field][0].code == code
    assert not StaffEntry.objects.everything(because="test").exists()


def test_a_document_of_another_customer_is_refused_and_says_where_it_is(cast):
    add(cast, add_document, PASSPORT)
    for unit, head in ((cast.a, "zhao"), (cast.b, "chen")):
        other = CustomerFactory(owning_unit=unit)
        with override("en"):
            with pytest.raises(ValidationError) as caught:
                add_document(by=getattr(cast, head), scope=cast.scope(head), number=other.number, new=PASSPORT)
            said = cast.customer.number_grouped if unit == cast.a else f"at {cast.a.label}"
            assert said in str(caught.value.message_dict["document_number"])


def test_nothing_is_entered_twice(cast):
    for what, new in (
        (add_contact_point, MOBILE),
        (add_document, PASSPORT),
        (add_relation, NewRelation("spouse", "", "王芳")),
    ):
        add(cast, what, new)
        with pytest.raises(ValidationError):
            add(cast, what, new)
    assert StaffEntry.objects.everything(because="test").count() == 3


def test_a_relation_leads_to_a_customer_in_scope_only(cast):
    near, far = CustomerFactory(owning_unit=cast.a), CustomerFactory(owning_unit=cast.b)
    add(cast, add_relation, NewRelation("spouse", near.number), who="zhao")
    with pytest.raises(ValidationError):
        add(cast, add_relation, NewRelation("spouse", far.number), who="zhao")
    with pytest.raises(ValidationError):
        add(cast, add_relation, NewRelation("spouse", cast.customer.number), who="zhao")
    assert [(row.related_id, row.relation_type) for row in rows(Relation)] == [(near.pk, "spouse")]


def test_who_may_not_edit_adds_nothing_and_strangers_find_no_customer(cast):
    with pytest.raises(PermissionDenied):
        add(cast, add_contact_point, MOBILE, who="wu")
    with pytest.raises(Customer.DoesNotExist):
        add(cast, add_contact_point, MOBILE, who="chen")


def test_the_audit_says_who_added_what_kind_and_never_the_number(cast):
    add(cast, add_contact_point, MOBILE)
    add(cast, add_document, PASSPORT)
    events = AuditEvent.objects.filter(customer_id=cast.customer.pk, user_id=cast.lin.pk).order_by("id")
    assert [event.action for event in events] == ["customer.add_contact_point", "customer.add_document"]
    assert "13912345678" not in str([event.after for event in events])


def test_the_form_adds_and_the_page_shows_who_and_when(cast):
    client, number = cast.client("lin"), cast.customer.number
    form = {"contact_type": "mobile", "purpose": "primary", "value": "13912345678"}
    assert client.post(f"/customers/{number}/add/contact-point/", form).status_code == 302
    page = client.get(f"/customers/{number}/basic/").content.decode()
    assert "Entered by staff" in page and "Lin Xiao" in page and "13912345678" in page
    wrong = client.post(f"/customers/{number}/add/contact-point/", {**form, "value": "12"})
    assert wrong.status_code == 422 and "This is no phone number." in wrong.content.decode()


def test_the_form_of_relations_takes_a_customer_that_was_picked_and_a_share_in_per_cent(cast):
    owner = CustomerFactory(owning_unit=cast.a, name="王股东", name_pieces=list(pieces("王股东")))
    client, number = cast.client("zhao"), cast.customer.number
    assert owner.number in client.get("/customers/pick/", {"q": "王股东"}).content.decode()
    form = {"relation_type": "shareholder", "related_number": owner.number, "share": "55.5"}
    assert client.post(f"/customers/{number}/add/relation/", form).status_code == 302
    (row,) = rows(Relation)
    assert (row.related_id, row.share) == (owner.pk, Decimal("0.555"))
    entry = StaffEntry.objects.everything(because="test").get()
    assert client.post(f"/customers/{number}/entries/{entry.pk}/end/", {"reason": WHY}).status_code == 302
    assert rows(Relation) == [] and client.get(f"/customers/{number}/entries/{entry.pk}/end/").status_code == 404
