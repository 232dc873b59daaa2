"""What a load leaves for lists: figures and search keys with the owning unit's number, no visibility said twice."""

import duckdb

from bankcrm.core.testing import as_owner
from bankcrm.customers.models import CustomerFigures, CustomerVisibility, SearchKey
from bankcrm.feeds.models import Build
from bankcrm.feeds.tests.small_bank import FIRST, next_day, person, unit


def numbers():
    """The owning unit's number by customer, on the customer's row, beside its figures and on its search keys."""
    rows = CustomerFigures.objects.everything(because="test").select_related("customer").order_by("pk")
    keys = SearchKey.objects.everything(because="test").select_related("customer").order_by("customer", "kind", "value")
    return [(row.customer.unit_no, row.unit_no) for found in (rows, keys) for row in found]


def reasons(name):
    rows = CustomerVisibility.objects.filter(customer__name=name).order_by("unit__code", "reason")
    return list(rows.values_list("unit__code", "reason"))


def test_figures_carry_the_owning_units_number_and_follow_the_customer(small_bank):
    assert small_bank.load().is_good
    before = numbers()
    assert len(before) > 3, "customers, and what they are found by"
    assert all(own == beside for own, beside in before)
    moved = [person("1", "张三", unit_id="B"), person("2", "李四")]
    assert small_bank.load({**FIRST, "person": moved}, day=next_day()).is_good
    assert numbers() != before
    assert all(own == beside for own, beside in numbers())


def test_figures_follow_the_tree_when_units_are_renumbered(small_bank):
    small_bank.load()
    before = numbers()
    deeper = [unit("HO", None, "head_office"), unit("0"), unit("A", "0"), unit("B", "A")]
    assert small_bank.load({**FIRST, "org_unit": deeper}, day=next_day()).is_good
    assert numbers() != before
    assert all(own == beside for own, beside in numbers())


def test_a_unit_that_books_what_it_owns_is_no_second_reason(small_bank):
    small_bank.load()
    assert reasons("张三") == [("A", "owning")]
    assert reasons("李四") == [("A", "owning"), ("B", "booking")]


def test_a_fact_with_a_new_column_travels_whole_once(small_bank, settings):
    """After an update the build before knows nothing of the column: every row is written, none is lost."""
    small_bank.load()
    right = numbers()
    (path,) = settings.LAKE_ROOT.glob(f"builds/{Build.objects.get(is_current=True).pk}/customer_figures.parquet")
    with duckdb.connect() as lake:
        lake.execute(f"CREATE TABLE older AS SELECT * EXCLUDE (unit_code) FROM '{path}'")
        lake.execute(f"COPY older TO '{path}' (FORMAT parquet)")
    with as_owner():
        CustomerFigures.objects.everything(because="test").update(unit_no=0)
    assert numbers() != right
    assert small_bank.load({**FIRST, "person": [person("1", "张三"), person("2", "李四")]}, day=next_day()).is_good
    assert numbers() == right
