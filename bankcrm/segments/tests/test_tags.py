"""Tags: who may make and use them, by hand and in bulk, in the list and on the customer page."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bankcrm.core.extensions import list_actions
from bankcrm.core.jobs import run
from bankcrm.core.models import AuditEvent, Job
from bankcrm.customers.actions import bulk
from bankcrm.customers.models import Customer
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.customers.tests.service_factories import RestrictionFactory
from bankcrm.org.models import OrgUnit
from bankcrm.segments.actions import close_tag, create_tag, tag_customer, tag_in_bulk, untag_customer
from bankcrm.segments.models import CustomerTag, Tag
from bankcrm.segments.queries import usable_choices
from bankcrm.segments.tests.factories import CustomerTagFactory, TagFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tag(cast):
    """A tag of branch A."""
    return TagFactory(name="养老客群", unit=cast.a, made_by=cast.zhao)


def tagged(tag):
    rows = CustomerTag.objects.everything(because="test").filter(tag=tag, ended_at=None)
    return set(rows.values_list("customer_id", flat=True))


def test_a_tag_is_used_by_its_unit_and_those_below_it(cast, tag):
    whole = TagFactory(name="全行标签", unit=OrgUnit.objects.get(code="HO"))
    assert [name for _pk, name in usable_choices(cast.scope("lin"))] == [whole.name, tag.name]
    assert [name for _pk, name in usable_choices(cast.scope("chen"))] == [whole.name]


def test_a_name_is_given_once_where_it_can_be_seen(cast, tag):
    assert create_tag(by=cast.chen, scope=cast.scope("chen"), name="养老客群").unit == cast.b
    with pytest.raises(ValidationError):
        create_tag(by=cast.zhao, scope=cast.scope("zhao"), name=" 养老客群 ")
    with pytest.raises(PermissionDenied):
        create_tag(by=cast.lin, scope=cast.scope("lin"), name="别的")


def test_a_closed_tag_stays_on_customers_and_is_put_on_no_more(cast, tag):
    by = {"by": cast.lin, "scope": cast.scope("lin"), "number": cast.customer.number, "tag_id": tag.pk}
    tag_customer(**by)
    close_tag(by=cast.zhao, scope=cast.scope("zhao"), tag_id=tag.pk)
    assert tagged(tag) == {cast.customer.pk} and usable_choices(cast.scope("lin")) == []
    untag_customer(**by)
    with pytest.raises(Tag.DoesNotExist):
        tag_customer(**by)
    with pytest.raises(Tag.DoesNotExist):
        close_tag(by=cast.chen, scope=cast.scope("chen"), tag_id=TagFactory(unit=cast.a).pk)


def test_putting_on_and_taking_off_are_on_record_and_the_row_stays(cast, tag):
    by = {"by": cast.lin, "scope": cast.scope("lin"), "number": cast.customer.number, "tag_id": tag.pk}
    tag_customer(**by)
    with pytest.raises(ValidationError):
        tag_customer(**by)
    untag_customer(**by)
    row = CustomerTag.objects.everything(because="test").get()
    assert (row.by, row.ended_by) == (cast.lin, cast.lin) and row.ended_at is not None
    events = AuditEvent.objects.filter(customer_id=cast.customer.pk, action__in=["customer.tag", "customer.untag"])
    assert events.count() == 2


def test_strangers_can_neither_tag_nor_see(cast, tag):
    with pytest.raises(Customer.DoesNotExist):
        tag_customer(by=cast.chen, scope=cast.scope("chen"), number=cast.customer.number, tag_id=tag.pk)
    assert cast.client("chen").get(f"/segments/customers/{cast.customer.number}/tag/").status_code == 404


def test_in_bulk_each_customer_is_counted_once_and_strangers_are_left_out(cast, tag):
    near = CustomerFactory.create_batch(3, owning_unit=cast.a)
    far = CustomerFactory(owning_unit=cast.b)
    CustomerTagFactory(customer=near[0], tag=tag)
    ids = [row.pk for row in (*near, far)]
    counts = tag_in_bulk(by=cast.scope("zhao"), value=str(tag.pk), ids=ids)
    assert counts == {"tagged": 2, "already": 1, "skipped": 1, "restricted": 0}
    assert tagged(tag) == {row.pk for row in near}


def test_who_is_restricted_gets_no_tag(cast):
    RestrictionFactory(customer=cast.customer)
    made = TagFactory(unit=cast.a)
    counts = tag_in_bulk(by=cast.scope("lin"), value=str(made.pk), ids=[cast.customer.pk])
    assert counts == {"tagged": 0, "already": 0, "skipped": 0, "restricted": 1}


@pytest.mark.django_db
def test_few_are_tagged_at_once_from_the_page_and_the_counts_are_shown(cast, tag):
    other = CustomerFactory(owning_unit=cast.a, kind="organisation", line="corporate")
    client = cast.client("zhao")
    form = client.get("/customers/bulk/", {"action": "tag", "kind": "organisation"}).content.decode()
    assert tag.name in form and "All customers of this filter: 1." in form
    page = client.post("/customers/bulk/?action=tag", {"query": "kind=organisation", "ids": "", "value": str(tag.pk)})
    assert page.status_code == 200 and "Tagged" in page.content.decode()
    assert tagged(tag) == {other.pk}
    client.post("/customers/bulk/?action=tag", {"query": "", "ids": str(cast.customer.pk), "value": str(tag.pk)})
    assert tagged(tag) == {other.pk, cast.customer.pk}
    event = AuditEvent.objects.filter(action="customers.bulk").order_by("id").last()
    assert event.after == {"tagged": 1, "already": 0, "skipped": 0, "restricted": 0} and event.detail["selected"] == 1


def test_many_are_tagged_by_a_job_with_the_scope_of_whoever_ordered_it(cast, tag):
    near = CustomerFactory.create_batch(2, owning_unit=cast.a)
    CustomerFactory(owning_unit=cast.b)
    scope = cast.scope("zhao")
    job = bulk.order_action(
        by=scope, scope=scope, action=list_actions.get("tag"), value=str(tag.pk), list_code="customers", query=""
    )
    run(job.pk)
    job = Job.objects.get(pk=job.pk)
    assert job.status == "done" and job.result == {"tagged": 3, "already": 0, "skipped": 0, "restricted": 0}
    assert tagged(tag) == {cast.customer.pk, *(row.pk for row in near)}


def test_a_value_that_is_not_on_offer_is_refused(cast):
    foreign = TagFactory(unit=cast.b)
    page = cast.client("zhao").post("/customers/bulk/?action=tag", {"query": "", "ids": "1", "value": str(foreign.pk)})
    assert page.status_code == 422 and tagged(foreign) == set()
    assert cast.client("wu").get("/customers/bulk/?action=tag").status_code == 403


def test_the_list_shows_tags_and_filters_by_them(cast, tag):
    CustomerFactory(owning_unit=cast.a, name="没有标签")
    CustomerTagFactory(customer=cast.customer, tag=tag)
    page = cast.client("zhao").get("/customers/", {"tag": tag.pk}).content.decode()
    assert cast.customer.name in page and "没有标签" not in page and tag.name in page


def test_the_head_of_the_customer_page_shows_tags_and_takes_them_off(cast, tag):
    CustomerTagFactory(customer=cast.customer, tag=tag)
    client = cast.client("lin")
    assert tag.name in client.get(f"/customers/{cast.customer.number}/").content.decode()
    assert client.post(f"/segments/customers/{cast.customer.number}/tags/{tag.pk}/end/").status_code == 302
    assert tag.name not in client.get(f"/customers/{cast.customer.number}/").content.decode()
    client.post(f"/segments/customers/{cast.customer.number}/tag/", {"tag": tag.pk})
    assert tagged(tag) == {cast.customer.pk}


def test_the_page_of_tags_makes_and_closes_them(cast):
    client = cast.client("zhao")
    assert client.post("/segments/tags/new/", {"name": "拆迁户"}).status_code == 302
    made = Tag.objects.everything(because="test").get(name="拆迁户")
    assert "拆迁户" in client.get("/segments/tags/").content.decode()
    assert client.post(f"/segments/tags/{made.pk}/close/").status_code == 302
    assert "closed" in client.get("/segments/tags/").content.decode()
    assert cast.client("lin").post("/segments/tags/new/", {"name": "x"}).status_code == 403


def test_a_page_of_the_list_asks_for_tags_once(cast, tag):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/customers/", {"columns": "tags"})
        return len(asked)

    client = cast.client("zhao")
    client.post("/customers/columns/", {"query": "", "columns": ["customer", "tags"]})
    for row in CustomerFactory.create_batch(5, owning_unit=cast.a):
        CustomerTagFactory(customer=row, tag=tag)
    queries()
    few = queries()
    for row in CustomerFactory.create_batch(10, owning_unit=cast.a):
        CustomerTagFactory(customer=row, tag=tag)
    assert queries() == few
