"""Contacts of other channels: what their contract refuses, and what becomes of them in lake and PostgreSQL."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pyarrow import parquet

from bankcrm.customers.models import Consent, ExternalHolding, OpenComplaint, PayrollPair
from bankcrm.customers.service_codes import (
    ConsentChannel,
    ConsentPurpose,
    ConsentStatus,
    ExternalBasis,
    ExternalKind,
    InteractionChannel,
    InteractionKind,
    InteractionStatus,
)
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
        (InteractionStatus, codes.INTERACTION_STATUSES), (ConsentPurpose, codes.CONSENT_PURPOSES),
        (ConsentChannel, codes.CONSENT_CHANNELS), (ConsentStatus, codes.CONSENT_STATUSES),
        (ExternalKind, codes.EXTERNAL_KINDS), (ExternalBasis, codes.EXTERNAL_BASES),
    ],
)  # fmt: skip
def test_the_codes_of_the_contract_are_those_of_the_pages(ours, theirs):
    assert list(theirs.codes) == ours.values


def consent(customer="1", **more):
    return {
        "source_system": "CORE", "customer_id": customer, "purpose": "marketing", "channel": "phone",
        "status": "withdrawn", "decided_at": "2026-11-20 09:30:00", "given_through": "客服电话", **more,
    }  # fmt: skip


def external(number="X1", customer="1", **more):
    return {
        "source_system": "CORE", "external_id": number, "customer_id": customer, "bank_name": "招商银行",
        "external_kind": "deposit", "currency": "USD", "balance": "100.00", "as_of_on": "2026-11-01",
        "basis": "known", **more,
    }  # fmt: skip


def pay(number, customer="1", payer="2", on="2026-11-10", amount="8000.00", **more):
    return {
        "source_system": "CORE", "payroll_id": number, "customer_id": customer, "related_customer_id": payer,
        "paid_on": on, "amount": amount, "currency": "CNY", **more,
    }  # fmt: skip


OTHERS = [
    ("consent", consent(until_on="2026-11-19"), "consent_period", "value"),
    ("external_holding", external("B1", balance="-0.01"), "external_not_negative", "row"),
    ("external_holding", external("B2", basis="guessed"), "unknown_code", "row"),
    ("payroll", pay("B1", amount="0.00"), "payroll_positive", "row"),
    ("payroll", pay("B2", payment_count="0"), "payment_count_positive", "value"),
]


@pytest.mark.django_db(transaction=True)
def test_every_rule_is_seen_to_be_broken(bank):
    rows = [row | {"interaction_id": f"X{number}"} for number, (row, _reason, _severity) in enumerate(BROKEN)]
    feeds = {**FIRST, "interaction": rows}
    for feed, row, _reason, _severity in OTHERS:
        feeds[feed] = [*feeds.get(feed, []), row]
    bank.load(feeds)
    found = Counter(Reject.objects.values_list("feed", "reason", "severity"))
    assert found == Counter(
        [("interaction", reason, severity) for _row, reason, severity in BROKEN]
        + [(feed, reason, severity) for feed, _row, reason, severity in OTHERS]
    )


@pytest.mark.django_db(transaction=True)
def test_consents_holdings_elsewhere_and_payroll_become_facts(bank):
    feeds = {
        **FIRST,
        "fx_rate": [{"currency": "USD", "rate_on": "2026-11-20", "middle_rate": "7.2", "per_units": "1"}],
        "consent": [consent(), consent("2", channel="any", status="given")],
        "external_holding": [external(), external("X2", currency="CNY", balance="")],
        "payroll": [
            pay("P1"), pay("P2", on="2026-11-20", amount="500.00"), pay("P3", on="2026-10-10", amount="7000.00"),
            pay("P4", payer="", payer_name="外地公司"), pay("P5", customer="", amount="9.00"),
        ],
    }  # fmt: skip
    bank.load(feeds)
    models = (Consent, ExternalHolding, PayrollPair)

    def facts():
        return [list(model.objects.everything(because="test").order_by("pk").values()) for model in models]

    first = facts()
    # In the order of the files, whatever order they were written in.
    (word, other), (dollars, unknown) = (sorted(rows, key=lambda row: row["feed_key"]) for rows in first[:2])
    assert (word["channel"], word["status"], other["channel"], other["status"]) == (
        "phone", "withdrawn", "any", "given",
    )  # fmt: skip
    assert word["decided_at"] == datetime(2026, 11, 20, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai
    assert (dollars["balance"], dollars["balance_base"]) == (100, 720)
    assert (unknown["balance"], unknown["balance_base"]) == (None, None)
    pairs = PayrollPair.objects.everything(because="test").select_related("customer", "payer").order_by("payer_name")
    assert [
        (pair.customer.name, pair.payer and pair.payer.name, pair.payer_name, pair.first_on, pair.last_on, pair.months,
         pair.last_amount, pair.total_amount)
        for pair in pairs
    ] == [
        ("张三", "李四", "", date(2026, 10, 10), date(2026, 11, 20), 2, 8500, 15500),
        ("张三", None, "外地公司", date(2026, 11, 10), date(2026, 11, 10), 1, 8000, 8000),
    ]  # fmt: skip
    bank.load(feeds, day=next_day())
    assert facts() == first
    later = {
        "consent": [consent(status="given"), feeds["consent"][1]],
        "external_holding": [external("X3"), external("X2")],
    }
    bank.load({**feeds, **later}, day=next_day(2))
    assert [row["status"] for row in facts()[0]] == ["given", "given"]
    assert [row["feed_key"] for row in facts()[1]] == ["CORE/X2", "CORE/X3"]


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


def test_months_of_payroll_add_up_from_both_sides(tmp_path):
    register_all()
    bank = TinyBank(tmp_path)
    rows = [
        {"source_system": "CORE", "payroll_id": f"P{n}", "customer_id": f"c{n % 3}" if n % 4 else None,
         "related_customer_id": "e" if n % 5 else None, "paid_on": date(2026, 1 + n % 3, 1 + n), "amount": Decimal(n),
         "currency": "CNY", "payment_count": 2 if n % 2 else None}
        for n in range(1, 25)
    ]  # fmt: skip
    bank.deliver("payroll", rows, on=date(2026, 3, 31), scope="delta")
    reader = LakeReader(bank.build(date(2026, 3, 31)), tmp_path)
    period = {"from_on": date(2026, 1, 1), "to_on": date(2026, 3, 31)}
    for sides, mine in (
        ({"payer_keys": ["CORE/e"], "paid_keys": None}, lambda row: row["related_customer_id"] == "e"),
        ({"payer_keys": None, "paid_keys": ["CORE/c1", "CORE/c2"]}, lambda row: row["customer_id"] in ("c1", "c2")),
    ):
        expected = {}
        for row in filter(mine, rows):
            month = expected.setdefault(f"{row['paid_on']:%Y-%m}", [set(), 0, Decimal(0)])
            month[0] |= {row["customer_id"]} - {None}
            month[1] += row["payment_count"] or 1
            month[2] += row["amount"]
        found = reader.run("payroll_months", {**sides, **period})
        assert [(row["month"], row["persons"], row["payments"], row["amount"]) for row in found] == [
            (month, len(people), payments, amount)
            for month, (people, payments, amount) in sorted(expected.items(), reverse=True)
        ]
