import pytest

from bankcrm.core.scope import Scope, ScopeMissing
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import ContactPoint, Customer
from bankcrm.org.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db
BANK = Scope.system(because="test")


def make_customer(number="61000000001", **values):
    unit = UnitFactory()
    with as_owner():
        return Customer.objects.create(number=number, kind="person", owning_unit=unit, unit_no=unit.no, **values)


READS = {
    "list": list,
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(number="61000000001"),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "aggregate": lambda rows: rows.aggregate(n=__import__("django").db.models.Count("pk")),
    "values": lambda rows: list(rows.values("number")),
    "values_list": lambda rows: list(rows.values_list("number", flat=True)),
    "iterator": lambda rows: next(rows.iterator(), None),
    "filter": lambda rows: list(rows.filter(kind="person").order_by("id")[:3]),
    "in_bulk": lambda rows: rows.in_bulk(),
    "dates": lambda rows: list(rows.dates("since_on", "month")),
    "explain": lambda rows: rows.explain(),
    "raw": lambda rows: list(rows.raw("SELECT * FROM customers_customer")),
    "subquery": lambda rows: list(ContactPoint.objects.within(BANK).filter(customer__in=rows)),
    "union": lambda rows: list(Customer.objects.within(BANK).union(rows)),
    "or": lambda rows: list(Customer.objects.within(BANK) | rows),
    "update": lambda rows: rows.update(name="x"),
    "delete": lambda rows: rows.filter(pk=0).delete(),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_read_without_a_scope_raises(read):
    make_customer()
    with pytest.raises(ScopeMissing, match="Customer"):
        read(Customer.objects.all())


@pytest.mark.parametrize("read", [READS[name] for name in READS if name not in {"update", "delete"}])
def test_the_same_read_within_a_scope_or_with_a_reason_is_answered(read):
    make_customer()
    in_scope, all_rows = Customer.objects.within(BANK), Customer.objects.everything(because="test")
    assert type(read(in_scope)) is type(read(all_rows))


def test_everything_needs_a_reason():
    with pytest.raises(ValueError, match="reason"):
        Customer.objects.everything(because="")


def test_the_other_party_of_a_relation_is_not_followed_past_the_scope():
    customer = make_customer()
    with as_owner():
        point = ContactPoint.objects.create(
            feed_key="k", customer=customer, source_key="s", contact_type="mobile", purpose="work", value="1"
        )
    point = ContactPoint.objects.within(BANK).get(pk=point.pk)
    with pytest.raises(ScopeMissing):
        _ = point.customer


def test_what_hangs_on_a_customer_at_hand_may_be_read():
    customer = make_customer()
    assert list(customer.contact_points.all()) == []
    assert list(Customer.objects.within(BANK).prefetch_related("contact_points")) == [customer]
    with pytest.raises(ScopeMissing):
        list(customer.related_to.all())


def test_a_row_at_hand_is_read_anew_and_saved():
    customer = make_customer()
    with as_owner():
        customer.name = "李"
        customer.save()
        customer.refresh_from_db()
        assert customer.name == "李"
        customer.name = "王"
        assert Customer.objects.bulk_update([customer], ["name"]) == 1
    customer.refresh_from_db()
    assert customer.name == "王"
