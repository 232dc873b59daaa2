"""A delivery is published whole or not at all, and says why not."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Coverage, Customer, FieldOverride, IdentityDocument, PersonProfile, SourceCustomer
from bankcrm.feeds.models import Build, Load, LoadFile, Reject
from bankcrm.feeds.pipeline import LOCK, AnotherLoadRuns, start_load
from bankcrm.feeds.tests.small_bank import (
    DAY,
    FIRST,
    OPERATOR,
    RESIDENT_ID,
    balance,
    covering,
    customers,
    document,
    holding,
    money,
    next_day,
    person,
    states,
    total,
)
from bankcrm.lake.landed import LandedFile
from bankcrm.lake.manifest import BuildManifest
from bankcrm.org.models import User

LOADED = [("张三", "CORE/H1", Decimal("60.00")), ("李四", "CORE/H2", Decimal("40.00"))]


def test_a_first_delivery_is_published_with_its_facts_and_its_audit(small_bank):
    result = small_bank.load()
    assert (result.state, result.problem, money()) == ("published", "", LOADED)
    assert result.feeds["balance"]["totals"] == {"CNY": "100.00"}
    assert Build.objects.get(is_current=True).business_date == DAY
    assert {"load.start", "build.publish"} <= set(AuditEvent.objects.values_list("action", flat=True))


def test_the_same_delivery_again_changes_nothing(small_bank):
    small_bank.load()
    again = small_bank.load()
    assert (again.state, sum(again.changed.values())) == ("unchanged", 0)
    assert Build.objects.count() == 1


def test_the_same_rows_on_another_day_change_no_customer(small_bank):
    small_bank.load()
    result = small_bank.load({**FIRST, "balance": [balance("H1", "60.00", next_day())]}, day=next_day())
    assert result.state == "published"
    assert {name: result.changed[name] for name in ("customer", "coverage", "search_key", "identity_document")} == {
        "customer": 0,
        "coverage": 0,
        "search_key": 0,
        "identity_document": 0,
    }


def test_a_corrected_delivery_of_an_old_day_takes_its_place_in_todays_figures(small_bank):
    small_bank.load()
    small_bank.load({"balance": [balance("H1", "70.00", next_day())]}, day=next_day(), scope="delta")
    corrected = small_bank.load({**FIRST, "balance": [balance("H1", "60.00"), balance("H2", "45.00")]})
    assert corrected.state == "published" and Build.objects.get(is_current=True).business_date == next_day()
    assert [row[2] for row in money()] == [Decimal("70.00"), Decimal("45.00")]
    assert states() == ["superseded", "published", "published"]


def test_what_was_corrected_can_be_loaded_as_it_was_first(small_bank):
    small_bank.load()
    small_bank.load({"balance": [balance("H1", "1.00"), balance("H2", "40.00")]})
    assert small_bank.load().state == "published"
    assert money() == LOADED


@pytest.mark.parametrize("announced", [{"totals": {"CNY": "99.99"}}, {"rows": 3}, {"sha256": "0" * 64}])
def test_what_differs_from_the_manifest_is_refused_and_yesterday_stays(small_bank, announced):
    small_bank.load()
    feeds = {"balance": [balance("H1", "1.00", next_day()), balance("H2", "2.00", next_day())]}
    result = small_bank.load(feeds, day=next_day(), **announced)
    assert result.state == "refused" and result.problem
    assert money() == LOADED and Build.objects.get().business_date == DAY


def test_a_right_control_total_is_accepted(small_bank):
    assert small_bank.load(totals={"CNY": "100.00"}).state == "published"


def test_too_many_rejected_rows_refuse_the_delivery_and_name_the_file(small_bank):
    small_bank.load()
    result = small_bank.load(
        {"balance": [balance("H1", "1.00", next_day()), balance("H2", "x", next_day())]}, day=next_day()
    )
    assert (result.state, result.problem, result.detail["file"]) == ("refused", "too_many_rejects", "balance.csv")
    assert money() == LOADED and Reject.objects.get().reason == "bad_money"


def test_a_folder_without_a_delivery_is_refused_with_a_reason(small_bank):
    empty = small_bank.inbox / DAY.isoformat()
    empty.mkdir()
    result = small_bank.load(folder=empty)
    assert (result.state, result.problem) == ("refused", "no_delivery")


def test_a_delivery_without_units_is_refused(small_bank):
    result = small_bank.load({"person": FIRST["person"]})
    assert (result.state, result.problem) == ("refused", "no_units")
    assert not Build.objects.exists()


def test_another_base_currency_is_refused(small_bank):
    small_bank.load()
    folder = small_bank.deliver(FIRST, day=next_day())
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "base_currency": "USD"}))
    assert small_bank.load(folder=folder).problem == "other_currency"


def test_a_wrong_document_number_costs_the_document_and_not_the_customer(small_bank):
    persons = [person(str(number), f"客户{number}") for number in range(1, 31)]
    documents = [document(str(number), f"E{number:08d}") for number in range(1, 30)]
    wrong = document("30", RESIDENT_ID[:-1] + "5", "resident_id")
    small_bank.load({**FIRST, "person": persons, "identity_document": [*documents, wrong]})
    assert "客户30" in customers()
    assert IdentityDocument.objects.everything(because="test").count() == 29
    assert (Reject.objects.get().reason, Reject.objects.get().severity) == ("wrong_number", "row")


def test_money_of_an_unknown_holder_stays_in_the_bank(small_bank):
    feeds = {**FIRST, "holding": [*FIRST["holding"], holding("H3", "nobody")]}
    feeds["balance"] = [*FIRST["balance"], balance("H3", "7.00"), balance("H4", "0.50")]
    small_bank.load(feeds)
    assert money()[2:] == [("未识别客户", "CORE/H3", Decimal("7.00")), ("未识别客户", "CORE/H4", Decimal("0.50"))]
    assert total() == Decimal("107.50")
    assert set(Reject.objects.values_list("reason", "severity")) == {
        ("unknown_party", "warning"),
        ("unknown_holding", "warning"),
    }


def test_an_overdraft_is_a_warning_and_counts(small_bank):
    small_bank.load({**FIRST, "balance": [balance("H1", "-5.00"), balance("H2", "40.00")]})
    assert total() == Decimal("35.00")
    assert list(Reject.objects.values_list("reason", "severity")) == [("overdraft", "warning")]


def test_shares_over_100_percent_are_refused_and_named(small_bank):
    result = small_bank.load({**FIRST, "coverage": [covering("1", "E1", "0.7"), covering("1", "E2", "0.4")]})
    (kept,) = Coverage.objects.everything(because="test")
    assert (result.state, kept.user.username, kept.share) == ("published", "E1", Decimal("0.7"))
    assert Reject.objects.get().reason == "share_over_100"


def test_a_source_customer_that_comes_back_is_present_again(small_bank):
    small_bank.load()
    small_bank.load({"person": FIRST["person"][:1]}, day=next_day())
    source = SourceCustomer.objects.everything(because="test").get(key="CORE/2")
    number = customers()["李四"].number
    assert not source.is_present and customers()["李四"].status == "ended"
    small_bank.load({"person": FIRST["person"]}, day=next_day(2))
    source.refresh_from_db()
    assert source.is_present and (customers()["李四"].status, customers()["李四"].number) == ("active", number)


def override(name, value):
    customer = customers()[name]
    by = User.objects.get(username="E1")
    FieldOverride.objects.create(customer=customer, field="employer_name", value=value, reason="客户来电", by=by)
    profile(customer).update(employer_name=value)


def profile(customer):
    return PersonProfile.objects.everything(because="test").filter(customer=customer)


def employer():
    return profile(customers()["张三"]).get().employer_name


def test_an_override_in_force_survives_a_load_and_a_released_one_does_not(small_bank):
    small_bank.load()
    with as_owner():
        override("张三", "二厂")
    small_bank.load({"person": [person("1", "张三", employer_name="三厂"), person("2", "李四")]}, day=next_day())
    assert employer() == "二厂"
    with as_owner():
        FieldOverride.objects.everything(because="test").update(
            released_at="2026-11-23T12:00Z", released_by=User.objects.get(username="E1")
        )
    small_bank.load({"person": [person("1", "张三", employer_name="四厂"), person("2", "李四")]}, day=next_day(2))
    assert employer() == "四厂"


def test_overrides_that_are_no_texts_survive_a_load_too(small_bank):
    small_bank.load()
    with as_owner():
        customer, by = customers()["张三"], User.objects.get(username="E1")
        for field, value in (("annual_income", "120000.50"), ("occupation", "clerk")):
            FieldOverride.objects.create(customer=customer, field=field, value=value, reason="客户来电", by=by)
        profile(customer).update(annual_income=Decimal("120000.50"), occupation="clerk")
    said = person("1", "张三", annual_income="9.00", occupation="professional")
    assert small_bank.load({"person": [said, person("2", "李四")]}, day=next_day()).state == "published"
    kept = profile(customers()["张三"]).get()
    assert (kept.annual_income, kept.occupation) == (Decimal("120000.50"), "clerk")


def asked_to_stop_at(step):
    def tell(message, _share):
        if message == step:
            Load.objects.filter(state="running").update(cancel_requested=True)

    return tell


@pytest.mark.parametrize("step", ["land_files", "build_figures", "publish_build", "publish:holding"])
def test_a_load_that_is_asked_to_stop_publishes_nothing(small_bank, step):
    small_bank.load()
    changed = {**FIRST, "balance": [balance("H1", "1.00", next_day())]}
    assert small_bank.load(changed, day=next_day(), tell=asked_to_stop_at(step)).state == "cancelled"
    assert money() == LOADED and Build.objects.get().business_date == DAY
    with as_owner():
        Load.objects.update(cancel_requested=False)
    assert small_bank.load(changed, day=next_day()).state == "published"


def test_a_fault_of_the_program_marks_the_load_and_is_not_hidden(small_bank):
    def tell(message, _share):
        if message == "build_figures":
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        small_bank.load(tell=tell)
    assert (Load.objects.get().state, Load.objects.get().problem) == ("failed", "disk_full")
    assert not Build.objects.exists() and small_bank.load().state == "published"


def test_a_load_that_died_is_marked_by_the_next_one(small_bank):
    with as_owner():
        dead = Load.objects.create(business_date=DAY, state="running")
        Build.objects.create(load=dead, business_date=DAY)
    small_bank.load()
    dead.refresh_from_db()
    assert (dead.state, dead.problem) == ("failed", "interrupted") and not dead.builds.exists()


def test_two_loads_at_once_are_told_apart(small_bank):
    """Another session holds the lock: who will not wait is told so, and nothing is written."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        with pytest.raises(AnotherLoadRuns):
            small_bank.load(wait=False)
        assert not Load.objects.exists()
        waits = []

        def tell(message, _share):
            waits.append(message)
            if message == "waiting":
                other.close()

        assert small_bank.load(tell=tell).state == "published"
        assert waits[0] == "waiting"
    finally:
        other.close()


def test_an_ordered_load_runs_once(small_bank):
    folder = small_bank.deliver(FIRST)
    with as_owner():
        ordered = Load.objects.create(business_date=DAY, folder=str(folder))
        for _attempt in range(2):
            assert start_load(ordered, by=OPERATOR, tell=lambda *_: None).state == "published"
    assert states() == ["published"]


def test_an_order_withdrawn_before_it_runs_is_cancelled(small_bank):
    folder = small_bank.deliver(FIRST)
    with as_owner():
        ordered = Load.objects.create(business_date=DAY, folder=str(folder), cancel_requested=True)
        assert start_load(ordered, by=OPERATOR, tell=lambda *_: None).state == "cancelled"
    assert not Build.objects.exists()


def test_tidying_keeps_all_that_the_current_build_and_the_next_load_need(small_bank):
    for days in range(6):
        day = DAY + timedelta(days=days)
        feeds = {"balance": [balance("H1", f"{days}.00", day)]}
        result = small_bank.load(feeds if days else FIRST, day=day, **({"scope": "delta"} if days else {}))
        assert result.state == "published"
    small_bank.load({"balance": [balance("H1", "bad", next_day(9))]}, day=next_day(9))  # refused
    small_bank.load({"balance": [balance("H1", "9.00", next_day(9))]}, day=next_day(9), scope="delta")
    lake = small_bank.root / "lake"
    manifest = BuildManifest.from_json(Build.objects.get(is_current=True).manifest)
    named = {path for paths in manifest.tables.values() for path in paths}
    for file in LoadFile.objects.filter(is_effective=True):
        named |= {part.path for part in LandedFile.from_json(file.landed).parts}
    assert [path for path in sorted(named) if not (lake / path).exists()] == []
    refused = Load.objects.get(state="refused")
    assert not list((lake / "landed").glob(f"*/*/{refused.pk}"))
    assert Customer.objects.everything(because="test").count() == 3
