"""Missing and contradicting data as work: found by real loads, worked off by stewards, gone once it is mended."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.by_hand import NewContact, add_contact_point
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.feeds.tests.small_bank import FIRST, SmallBank, customers, document, next_day, person
from bankcrm.feeds.tests.test_override_ends import correct, rule
from bankcrm.identity.actions import close_work, take_work
from bankcrm.identity.models import DataWork
from bankcrm.org.models import OrgUnit
from bankcrm.org.tests.factories import UnitFactory, scope_of, user_with_post


@pytest.fixture
def bank(transactional_db, tmp_path, settings):
    """Nothing is loaded yet."""
    return SmallBank(tmp_path, settings)


def contact(customer, value="13912345678"):
    return {
        "source_system": "CORE", "customer_id": customer, "contact_type": "mobile", "purpose": "primary",
        "value": value,
    }  # fmt: skip


def work(**narrowed):
    rows = DataWork.objects.everything(because="test").filter(is_found=True, closed_at=None, **narrowed)
    return sorted(rows.values_list("customer__name", "kind", "field"))


def card(number, name, **more):
    return {**person(number, name, **more), "source_system": "CARD"}


def twice(**more):
    """张三 is known to two systems, under one document."""
    shown = {**document("c1", "E11111111"), "source_system": "CARD"}
    feeds = {
        "person": [person("1", "张三", gender="male"), card("c1", "张三", **more), person("2", "李四")],
        "identity_document": [*FIRST["identity_document"], shown],
        "contact_point": [contact("1"), contact("2")],
    }
    return {**FIRST, **feeds}


def test_sources_that_contradict_are_work_until_they_agree(bank):
    bank.load(twice(gender="female", birth_on="1980-01-02"))
    assert work() == [("张三", "contradiction", "gender")]
    (first,) = DataWork.objects.everything(because="test")
    bank.load(twice(gender="male", birth_on="1980-01-02"), day=next_day(1))
    assert work() == []
    bank.load(twice(gender="female"), day=next_day(2))
    (again,) = DataWork.objects.everything(because="test")
    assert again.pk == first.pk and again.found_on == next_day(2)


def test_what_is_missing_is_work_and_mended_by_the_source_or_by_staff(bank):
    documents = [document("1", "E11111111", expires_on="2026-01-01")]
    feeds = {**FIRST, "identity_document": documents, "contact_point": [contact("1")]}
    bank.load(feeds)
    assert work() == [("张三", "expired_document", ""), ("李四", "no_contact", ""), ("李四", "no_document", "")]
    steward = user_with_post("data_steward", "bank", unit=OrgUnit.objects.get(code="HO"))
    number = customers()["李四"].number
    new = NewContact("mobile", "primary", "13700000000")
    add_contact_point(by=steward, scope=scope_of(steward), number=number, new=new)
    documents[0]["expires_on"] = "2036-01-01"
    documents.append(document("2", "E22222222"))
    bank.load(feeds, day=next_day(1))
    assert work() == []


def test_a_bank_that_delivers_no_contact_points_has_no_work_with_them(bank):
    bank.load()
    assert work() == []


def test_a_correction_that_a_third_word_meets_is_work_until_it_is_released(bank):
    bank.load()
    rule("customers.override_ends", "never")
    made = correct()
    bank.load({**FIRST, "person": [person("1", "张三", employer_name="二厂"), person("2", "李四")]}, day=next_day(1))
    assert work() == [("张三", "override_differs", "employer_name")]
    with as_owner():
        made.refresh_from_db()
        made.released_at, made.ending = made.at, "released"
        made.save()
    bank.load({**FIRST, "person": [person("1", "张三", employer_name="三厂"), person("2", "李四")]}, day=next_day(2))
    assert work() == []


@pytest.fixture
def steward(db):
    return user_with_post("data_steward", "bank", unit=UnitFactory())


@pytest.fixture
def one(db):
    return piece(CustomerFactory(name="张建国"))


def piece(customer, kind="no_contact", field=""):
    with as_owner():
        return DataWork.objects.create(
            key=f"{kind}/{customer.pk}/{field}/", customer=customer, kind=kind, field=field, found_on="2026-11-22"
        )


def client_of(user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["bankcrm_language"] = "en"
    return client


def test_work_is_taken_and_closed_with_a_reason_and_both_are_on_record(steward, one):
    scope = scope_of(steward)
    take_work(by=steward, scope=scope, work_id=one.pk)
    with pytest.raises(ValidationError):
        close_work(by=steward, scope=scope, work_id=one.pk, reason="好")
    close_work(by=steward, scope=scope, work_id=one.pk, reason="客户不愿留电话")
    one.refresh_from_db()
    assert (one.assigned_to, one.closed_by, one.reason) == (steward, steward, "客户不愿留电话")
    with pytest.raises(ValidationError):
        take_work(by=steward, scope=scope, work_id=one.pk)
    events = AuditEvent.objects.filter(customer_id=one.customer_id)
    assert sorted(events.values_list("action", flat=True)) == ["data_work.close", "data_work.take"]


def test_an_auditor_reads_and_does_nothing(one):
    auditor = user_with_post("auditor", "bank", unit=UnitFactory())
    with pytest.raises(PermissionDenied):
        take_work(by=auditor, scope=scope_of(auditor), work_id=one.pk)
    page = client_of(auditor).get("/identity/data-work/")
    assert page.status_code == 200 and "Take" not in page.content.decode().replace("Taken", "")


def test_the_page_counts_by_kind_and_leads_to_where_it_is_mended(steward, one):
    field = piece(one.customer, "contradiction", "gender")
    client = client_of(steward)
    page = client.get("/identity/data-work/").content.decode()
    number = one.customer.number
    assert f"/customers/{number}/basic/gender/" in page and f'href="/customers/{number}/basic/"' in page
    only = client.get("/identity/data-work/", {"kind": "contradiction"}).content.decode()
    assert "Gender" in only and f'href="/customers/{number}/basic/"' not in only
    assert client.post(f"/identity/data-work/{field.pk}/take/").status_code == 302
    assert "Gender" in client.get("/identity/data-work/", {"mine": "1"}).content.decode()
    closed = client.post(f"/identity/data-work/{one.pk}/close/", {"reason": "客户不愿留电话"})
    assert closed.status_code == 302
    assert client.get(f"/identity/data-work/{one.pk}/close/").status_code == 404


def test_the_page_asks_as_much_for_twenty_rows_as_for_ten(steward):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(steward)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get("/identity/data-work/")
        return len(queries)

    for customer in CustomerFactory.create_batch(10):
        piece(customer, "contradiction", "gender")
    asked()
    few = asked()
    for customer in CustomerFactory.create_batch(10):
        piece(customer, "contradiction", "gender")
    assert asked() == few


def test_contradictions_stand_in_the_repair_list_of_their_customer_until_they_are_closed(steward, one):
    made = piece(one.customer, "contradiction", "gender")
    piece(CustomerFactory(), "contradiction", "birth_on")
    client, number = client_of(steward), one.customer.number
    said = client.get(f"/customers/{number}/documents/").content.decode()
    assert f'href="/customers/{number}/basic/gender/"' in said and "Sources contradict each other" in said
    assert "Date of birth" not in said.split("Completeness</h2>")[1].split("</section>")[0]
    close_work(by=steward, scope=scope_of(steward), work_id=made.pk, reason="已与客户核实")
    assert "Sources contradict each other" not in client.get(f"/customers/{number}/documents/").content.decode()


def test_the_stewards_page_leads_to_the_list_of_incomplete_information(steward):
    assert 'href="/customers/incomplete/?all=1"' in client_of(steward).get("/identity/data-work/").content.decode()
