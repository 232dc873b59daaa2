"""Contacts of other channels: what their contract refuses, and what becomes of them in lake and PostgreSQL."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from pyarrow import parquet

from bankcrm.customers.models import OpenComplaint
from bankcrm.customers.service_codes import InteractionChannel, InteractionKind, InteractionStatus
from bankcrm.feeds.contract import service_codes as codes
from bankcrm.feeds.models import Reject
from bankcrm.feeds.tests.lake_bank import TinyBank
from bankcrm.feeds.tests.small_bank import FIRST, SmallBank, next_day
from bankcrm.lake.reader import LakeReader
from bankcrm.lake.server import register_all


def contact(number="TS1", customer="1", **more):
    return {
        "source_system": "CORE", "interaction_id": number, "customer_id": customer, "happened_on": "2026-11-20",
        "happened_at": "2026-11-20 09:30:00", "interaction_kind": "complaint", "channel": "phone",
        "subject": "转账延迟到账", "status": "open", "due_at": "2026-11-25 17:00:00", "agent": "坐席001", **more,
    }  # fmt: skip


BROKEN = [
    (contact(rating="6"), "rating_range", "value"),
    (contact(rating="0"), "rating_range", "value"),
    (contact(happened_at="2026-11-21 00:00:00"), "time_of_the_day", "value"),
    (contact(closed_at="2026-11-19 23:59:59"), "closed_after_it_happened", "value"),
    (contact(status=""), "complaint_has_status", "warning"),
    (contact(interaction_kind="gossip"), "unknown_code", "row"),
    (contact(happened_on="2026-11-23", happened_at=""), "after_business_date", "row"),
]


@pytest.fixture
def bank(tmp_path, settings):
    return SmallBank(tmp_path, settings)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (InteractionKind, codes.INTERACTION_KINDS), (InteractionChannel, codes.INTERACTION_CHANNELS),
        (InteractionStatus, codes.INTERACTION_STATUSES),
    ],
)  # fmt: skip
def test_the_codes_of_the_contract_are_those_of_the_pages(ours, theirs):
    assert list(theirs.codes) == ours.values


@pytest.mark.django_db(transaction=True)
def test_every_rule_is_seen_to_be_broken(bank):
    rows = [row | {"interaction_id": f"X{number}"} for number, (row, _reason, _severity) in enumerate(BROKEN)]
    bank.load({**FIRST, "interaction": rows})
    found = Counter(Reject.objects.filter(feed="interaction").values_list("reason", "severity"))
    assert found == Counter((reason, severity) for _row, reason, severity in BROKEN)


@pytest.mark.django_db(transaction=True)
def test_only_open_complaints_stand_in_postgresql_and_go_when_they_are_closed(bank):
    first = [
        contact(), contact("KF1", interaction_kind="call", status=""), contact("TS2", status="closed"),
        contact("TS3", ""), contact("TS4", "9"),
    ]  # fmt: skip
    bank.load({**FIRST, "interaction": first})
    (row,) = OpenComplaint.objects.everything(because="test").select_related("customer")
    assert (row.feed_key, row.customer.name, row.status, row.subject) == ("CORE/TS1", "张三", "open", "转账延迟到账")
    assert row.due_at == datetime(2026, 11, 25, 9, tzinfo=UTC)  # 17:00 in Shanghai
    reasons = set(Reject.objects.values_list("feed", "reason", "value"))
    assert reasons == {("interaction", "unknown_party", "CORE/9")}
    bank.load({**FIRST, "interaction": first}, day=next_day())
    assert OpenComplaint.objects.everything(because="test").get().pk == row.pk
    bank.load({**FIRST, "interaction": [contact(status="closed")]}, day=next_day(2))
    assert not OpenComplaint.objects.everything(because="test").exists()


def made(number, customer, on, kind="call", **more):
    return {
        "source_system": "CORE", "interaction_id": number, "customer_id": customer, "happened_on": on,
        "interaction_kind": kind, **more,
    }  # fmt: skip


def test_pages_read_every_contact_of_a_customer_once_newest_first_also_before_the_first_balance(tmp_path):
    register_all()
    bank = TinyBank(tmp_path)
    rows = [made(f"K{n}", "c", date(2026, 1 + n % 3, 1 + n)) for n in range(9)]
    rows += [made("K9", "other", date(2026, 3, 3)), made("K10", None, date(2026, 3, 3))]
    rows += [made("OLD", "c", date(2019, 5, 5), "review", rating=4)]
    bank.deliver("interaction", rows, on=date(2026, 3, 31), scope="delta")
    bank.deliver("holding", [bank.holding("H")], on=date(2026, 3, 31))
    bank.deliver("balance", bank.balances("H", {date(2026, 3, 30): 1}), on=date(2026, 3, 31))
    reader = LakeReader(bank.build(date(2026, 3, 31)), tmp_path)
    asked = {"source_keys": ["CORE/c"], "from_on": date(2019, 1, 1), "to_on": date(2026, 3, 31)}
    shown, place = [], {"before_on": None, "before_key": None}
    while page := reader.run("customer_interactions", {**asked, "kind": None, "limit": 4, **place}):
        shown += page
        place = {"before_on": page[-1]["happened_on"], "before_key": page[-1]["page_key"]}
    expected = sorted(
        (row for row in rows if row["customer_id"] == "c"), key=lambda row: row["happened_on"], reverse=True
    )
    assert [row["interaction_id"] for row in shown] == [row["interaction_id"] for row in expected]
    counts = {row["interaction_kind"]: row for row in reader.run("customer_interaction_counts", asked)}
    assert (counts["call"]["contacts"], counts["review"]["stars"], counts["review"]["rated"]) == (9, 4, 1)
    only = reader.run(
        "customer_interactions", {**asked, "kind": "review", "limit": 4, "before_on": None, "before_key": None}
    )
    assert [row["interaction_id"] for row in only] == ["OLD"]


def test_a_month_lies_by_customer_and_the_later_word_counts(tmp_path):
    bank = TinyBank(tmp_path)
    on = date(2026, 3, 3)
    rows = [made(f"K{n}", f"c{n % 3}", on, "complaint", status="open") for n in range(6)]
    bank.deliver("interaction", rows, on=on, scope="delta")
    bank.deliver(
        "interaction", [made("K4", "c1", on, "complaint", status="closed")], on=date(2026, 3, 9), scope="delta"
    )
    bank.build(date(2026, 3, 9))
    kept = bank.rows("src_interaction", order="source_key, interaction_id")
    assert [row["status"] for row in kept if row["interaction_id"] == "K4"] == ["closed"]
    assert len(kept) == 6
    (path,) = bank.previous.tables["src_interaction"]
    keys = parquet.read_table(tmp_path / path).column("source_key").to_pylist()
    assert keys == sorted(keys)
