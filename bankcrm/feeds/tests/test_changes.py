"""What a load changes is kept before it is written over: from, to, and nothing of what is wholly new."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection

from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import ContactPoint, CustomerChange, PersonProfile
from bankcrm.customers.tests.factories import ContactPointFactory, CoverageFactory, CustomerFactory
from bankcrm.feeds.models import Build
from bankcrm.feeds.publish.changes import TRACKED
from bankcrm.feeds.publish.facts import FACTS
from bankcrm.feeds.publish.publish import apply_delta
from bankcrm.feeds.publish.stage import Delta

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)
FACT = {fact.name: fact for fact in FACTS}
PHONE = (
    "feed_key text, customer_id bigint, source_key text, contact_type text, purpose text, value text, district text, "
    "confirmed_on date"
)
PERSON = (
    "customer_id bigint, gender text, birth_on date, nationality text, marital_status text, education text, "
    "occupation text, employer_name text, annual_income numeric"
)


def load(name, columns, rows=(), gone=()):
    """What a load does with these staged rows and keys of rows that are no longer there."""
    fact = FACT[name]
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS staging")
            cursor.execute(f"DROP TABLE IF EXISTS staging.{name}, staging.{name}_gone")
            cursor.execute(f"CREATE TABLE staging.{name} ({columns})")
            cursor.execute(f"CREATE TABLE staging.{name}_gone ({fact.key[0]} text)")
            for row in rows:
                cursor.execute(f"INSERT INTO staging.{name} VALUES ({', '.join(['%s'] * len(row))})", row)
            for key in gone:
                cursor.execute(f"INSERT INTO staging.{name}_gone VALUES (%s)", [key])
        build = Build.objects.create(business_date=DAY)
        apply_delta(Delta(fact, len(rows), len(gone), Path()), build=build, by=Scope.system(because="test"))


def kept(customer):
    rows = CustomerChange.objects.everything(because="test").filter(customer=customer).order_by("id")
    return [(row.subject, row.kind, row.field, row.before, row.after) for row in rows]


def phone(key, customer, value):
    return (key, customer.pk, "CORE/1", "mobile", "primary", value, "", None)


def person(customer, **values):
    row = {
        "gender": "female", "birth_on": dt.date(1985, 12, 3), "nationality": "CN", "marital_status": "",
        "education": "", "occupation": "clerk", "employer_name": "", "annual_income": None, **values,
    }  # fmt: skip
    return (customer.pk, *row.values())


def test_a_changed_value_is_kept_with_what_it_was_and_the_load_again_keeps_nothing():
    customer = CustomerFactory()
    for _ in range(2):
        load("person_profile", PERSON, [person(customer, occupation="retired", annual_income="90000.00")])
    assert kept(customer) == [
        ("person_profile", "", "occupation", "clerk", "retired"),
        ("person_profile", "", "annual_income", "", "90000.00"),
    ]
    assert PersonProfile.objects.everything(because="test").get(customer=customer).occupation == "retired"


def test_rows_that_come_change_and_go_are_each_kept():
    customer = CustomerFactory()
    ContactPointFactory(customer=customer, feed_key="a", value="13800000001")
    ContactPointFactory(customer=customer, feed_key="b", value="13800000002")
    load(
        "contact_point", PHONE,
        [phone("a", customer, "13900000001"), phone("c", customer, "13800000003")], gone=["b"],
    )  # fmt: skip
    assert kept(customer) == [
        ("contact_point", "mobile", "value", "13800000001", "13900000001"),
        ("contact_point", "mobile", "", "", "13800000003"),
        ("contact_point", "mobile", "", "13800000002", ""),
    ]
    values = ContactPoint.objects.everything(because="test").filter(customer=customer).values_list("value", flat=True)
    assert sorted(values) == ["13800000003", "13900000001"]


def test_nothing_is_kept_of_a_customer_that_the_load_brings_nor_of_a_table_filled_first():
    old, new = CustomerFactory(), CustomerFactory(visible=False)
    load("contact_point", PHONE, [phone("a", old, "13800000001")])
    assert kept(old) == []  # no contact point was known at all: the first loading
    load("contact_point", PHONE, [phone("b", new, "13800000002"), phone("c", old, "13800000003")])
    assert kept(new) == []
    assert len(kept(old)) == 1


def test_a_share_that_changes_or_ends_is_kept_with_its_manager():
    made = CoverageFactory(feed_key="s", share="0.7")
    columns = (
        "feed_key text, customer_id bigint, object_type text, object_key text, user_code text, role text, "
        "share numeric, from_on date, to_on date"
    )
    row = ("s", made.customer_id, "customer", "", made.user.username, "lead", "0.4", dt.date(2020, 1, 1), DAY)
    load("coverage", columns, [row])
    load("coverage", columns, gone=["s"])
    manager = str(made.user_id)
    found = kept(made.customer)
    assert ("coverage", manager, "share", "0.70000000", "0.40000000") in [
        (*row[:3], row[3], f"{float(row[4]):.8f}") for row in found if row[2] == "share"
    ]
    assert found[-1] == ("coverage", manager, "", "lead 0.4 [2020-01-01,2026-11-23)", "")


def test_what_is_tracked_are_facts_and_columns_that_there_are():
    for name, tracked in TRACKED.items():
        columns = FACT[name].columns
        for sql in tracked.fields.values():
            assert sql.split()[0].removeprefix("r.") in columns, f"{name}: {sql}"
