"""A retail bank with its customer care, ../shared/data/retail_banking_demo: mapped, loaded, counted independently."""

import csv
import gzip
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import ContactPoint, Customer, Holding, OpenComplaint
from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.feeds.models import Build, Reject
from bankcrm.feeds.pipeline import load_delivery
from bankcrm.lake.connection import connect
from bankcrm.lake.delivery import read_delivery
from bankcrm.lake.landing import land
from bankcrm.lake.mapping import map_delivery

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT.parent / "shared" / "data" / "retail_banking_demo"
DAY = date(2019, 12, 31)

pytestmark = pytest.mark.skipif(not SOURCE.is_dir(), reason=f"the data set {SOURCE} is not there")


def raw(name):
    """The rows of a file of the data set, read by Python's own module."""
    opened = gzip.open if name.endswith(".gz") else open
    with opened(SOURCE / name, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The delivery that the mapping makes."""
    return map_delivery(
        ROOT / "examples" / "retail",
        source=SOURCE,
        business_date=DAY,
        out=tmp_path_factory.mktemp("retail") / DAY.isoformat(),
        feeds=BY_NAME,
    )


@pytest.fixture(scope="module")
def lake(folder, tmp_path_factory):
    root = tmp_path_factory.mktemp("landed")
    delivery = read_delivery(folder, known=BY_NAME)
    landed = {}
    with connect(temp=root / "duck") as connection:
        for file in delivery.files:
            landed[file.feed] = land(BY_NAME[file.feed], file, out=root / "lake", load_id=1, connection=connection)
    tables = duckdb.connect()
    for feed, found in landed.items():
        paths = [str(root / "lake" / part.path) for part in found.parts]
        tables.execute(f"CREATE TABLE {feed} AS FROM read_parquet({paths}, hive_partitioning = false)")
    return landed, tables


def rows(lake, sql):
    return lake[1].execute(sql).fetchall()


def counted(lake, column, where):
    return Counter(dict(rows(lake, f"SELECT {column}, count(*) FROM interaction WHERE {where} GROUP BY 1")))


def test_every_row_lands_but_the_calls_without_a_number(lake):
    landed, _ = lake
    assert {feed: (found.rows_loaded, found.rows_rejected) for feed, found in landed.items()} == {
        "org_unit": (78, 0),
        "product": (15, 0),
        "person": (5369 + 1678, 0),
        "identity_document": (5369 + 1678, 0),
        "contact_point": (3 * 5369 + 2 * 1678, 0),
        "holding": (4500 + 682 + 892 + 1678, 0),
        "holding_party": (869, 0),
        "balance": (682 + 2 * 1678, 0),
        "interaction": (23419 + 3999 + 504 - 984, 984),
    }
    assert {feed: found.reject_counts for feed, found in landed.items() if found.reject_counts} == {
        "interaction": {"row:required": sum(row["call_id"] == "-1.0" for row in raw("crm_call_center_logs.csv.gz"))}
    }
    assert all(found.is_sound for found in landed.values())


def test_complaints_are_those_of_the_file_by_channel_answer_and_client(lake):
    events = raw("crm_events.csv.gz")
    channels = {
        "web": "Web",
        "referral": "Referral",
        "phone": "Phone",
        "post": "Postal mail",
        "fax": "Fax",
        "email": "Email",
    }
    by_channel = counted(lake, "channel", "interaction_kind = 'complaint'")
    assert {channels[code]: count for code, count in by_channel.items()} == Counter(e["submitted_via"] for e in events)
    assert counted(lake, "outcome", "interaction_kind = 'complaint'") == Counter(
        e["company_response_to_consumer"] for e in events
    )
    assert counted(lake, "status", "interaction_kind = 'complaint'") == {"closed": 23267, "in_progress": 152}
    assert counted(lake, "is_timely", "interaction_kind = 'complaint'") == {True: 23048, False: 371}
    by_client = counted(lake, "customer_id", "interaction_kind = 'complaint'")
    assert by_client == Counter("C" + e["client_id"].zfill(8) for e in events)
    day = {e["complaint_id"]: "-".join(reversed(e["date_received"].split("-"))) for e in events}
    assert day == dict(
        rows(lake, "SELECT interaction_id, happened_on::VARCHAR FROM interaction WHERE interaction_kind = 'complaint'")
    )


def test_calls_keep_their_time_client_and_complaint(lake):
    calls = [row for row in raw("crm_call_center_logs.csv.gz") if row["call_id"] != "-1.0"]
    expected = {
        f"CALL{row['call_id'].removesuffix('.0')}": (
            f"{row['date_received']} {row['ser_start'][11:]}",
            None if row["rand_client"] == "-1.0" else "C" + row["rand_client"].removesuffix(".0").zfill(8),
            None if row["complaint_id"] == "NO_COMPLAINT" else row["complaint_id"],
            int(float(row["service_seconds"])),
            row["phonefinal"],
        )
        for row in calls
    }
    found = rows(
        lake,
        "SELECT interaction_id, happened_at::VARCHAR, customer_id, about_id, duration_seconds, phone "
        "FROM interaction WHERE interaction_kind = 'call'",
    )
    assert {key: tuple(rest) for key, *rest in found} == expected
    assert sum(row[1] is None for row in expected.values()) == 511
    mine = "FROM interaction AS c JOIN interaction AS e ON e.interaction_id = c.about_id"
    assert rows(lake, f"SELECT count(*), count(*) FILTER (c.customer_id = e.customer_id) {mine}") == [(2504, 2504)]


def test_reviews_keep_stars_words_and_branch_and_name_nobody(lake):
    found = rows(
        lake,
        "SELECT happened_on::VARCHAR, rating, note, unit_id, customer_id FROM interaction WHERE rating IS NOT NULL",
    )
    expected = Counter(
        (row["date"], int(row["stars"]), row["reviews"].strip(), row["district_id"], None)
        for row in raw("crm_reviews.csv")
    )
    assert Counter(found) == expected


def test_clients_have_names_birthdays_and_ways_to_reach_them(lake):
    clients = raw("completedclient.csv.gz")
    found = rows(lake, "SELECT customer_id, name, gender, birth_on::VARCHAR FROM person WHERE customer_id LIKE 'C%'")
    assert {row[0]: row[1:] for row in found} == {
        c["client_id"]: (
            f"{c['first']} {c['middle']} {c['last']}",
            c["sex"].lower(),
            f"{int(c['year']):04d}-{int(c['month']):02d}-{int(c['day']):02d}",
        )
        for c in clients
    }
    for kind, column in (("phone", "phone"), ("email", "email")):
        value = f"SELECT customer_id, value FROM contact_point WHERE contact_type = '{kind}' AND customer_id LIKE 'C%'"
        assert dict(rows(lake, value)) == {c["client_id"]: c[column] for c in clients}
    numbers = rows(lake, "SELECT customer_id, document_number FROM identity_document WHERE customer_id LIKE 'C%'")
    assert dict(numbers) == {c["client_id"]: c["social"] for c in clients}


def test_loans_are_worth_what_the_files_say(lake):
    loans, luxury = raw("kob_completedloan.csv"), raw("luxuryloanportfolio.csv.gz")
    last = "SELECT holding_id, arg_max(balance, balance_on) AS balance FROM balance GROUP BY 1"
    total = (
        f"SELECT sum(balance) FILTER (holding_id LIKE 'L0%'), sum(balance) FILTER (holding_id LIKE 'LL%') FROM ({last})"
    )
    assert rows(lake, total) == [
        (sum(Decimal(row["amount"]) for row in loans), sum(Decimal(row["loan_balance"]) for row in luxury))
    ]
    paid = "SELECT count(*), sum(contract_amount) FROM holding WHERE status = 'closed'"
    finished = [Decimal(row["amount"]) for row in loans if row["status"] == "A"]
    assert rows(lake, paid) == [(len(finished), sum(finished))] == [(203, 18603216)]


@pytest.mark.django_db(transaction=True)
def test_the_whole_load_publishes_it_and_a_second_one_changes_nothing(folder, tmp_path, settings):
    settings.LAKE_ROOT, settings.INBOX_ROOT = tmp_path / "lake", tmp_path / "inbox"
    settings.INBOX_ROOT.mkdir()
    operator, why = Scope.system(because="test"), "test"
    with as_owner():
        assert load_delivery(folder, by=operator).is_good
    models = (Customer, Holding, ContactPoint, OpenComplaint)

    def facts():
        return [list(model.objects.everything(because=why).order_by("pk").values_list()) for model in models]

    first, builds = facts(), Build.objects.count()
    assert [len(found) for found in first] == [7047 + 1, 7752, 19463, 152]  # and the unidentified customer
    named = OpenComplaint.objects.everything(because=why).values_list("customer__number", flat=True)
    assert len(set(named)) == 147
    assert set(Reject.objects.values_list("feed", "reason", "column")) == {
        ("interaction", "required", "interaction_id")
    }
    with as_owner():
        assert load_delivery(folder, by=operator).is_good
    assert (facts(), Build.objects.count()) == (first, builds)
