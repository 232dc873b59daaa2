"""What was erased is in no file that a build is made of, and no later delivery brings it back."""

import datetime as dt

import duckdb
import pytest

from bankcrm.core import dates
from bankcrm.core.models import Approval
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer, Holding, Interaction, SourceCustomer
from bankcrm.customers.tests.service_factories import RestrictionFactory
from bankcrm.feeds import forgetting
from bankcrm.feeds.models import ErasedKey, LoadFile
from bankcrm.feeds.tests.conftest import small_bank
from bankcrm.feeds.tests.small_bank import (
    DAY,
    FIRST,
    OPERATOR,
    balance,
    document,
    holding,
    money,
    next_day,
    person,
)
from bankcrm.lake.landed import LandedFile
from bankcrm.org.models import User
from bankcrm.privacy import deletions
from bankcrm.privacy.models import Deletion, DeletionPart
from bankcrm.privacy.tests.as_worker import as_worker
from bankcrm.privacy.tests.factories import SubjectRequestFactory

__all__ = ["small_bank"]

LEFT = "李四"
LONG_AGO = dt.date(2014, 5, 6)
CLOSED = {"status": "closed", "closed_on": LONG_AGO.isoformat(), "opened_on": "2010-01-05"}
BANK = {
    **FIRST,
    "person": [person("1", "张三"), person("2", LEFT, opened_on="2010-01-05", closed_on=LONG_AGO.isoformat())],
    "holding": [holding("H1", "1"), holding("H2", "2", "B", **CLOSED)],
    "balance": [balance("H1", "60.00"), balance("H2", "0.00")],
}
CLASSES = ("service", "evidence", "dealings", "identity")


def left_customer():
    return Customer.objects.everything(because="test").get(name=LEFT)


def to_delete(customer, *classes):
    """What two people agreed to, as far as these classes are due."""
    staff = User.objects.get(username="E1")
    request = SubjectRequestFactory(
        customer=customer, kind="delete", status="answered", answer="好", closed_at=dates.now(), recorded_by=staff
    )
    restriction = RestrictionFactory(customer=customer, reason="retention", by=staff)
    with as_owner():
        Approval.objects.create(
            kind="privacy.deletion", title="P", subject_type="privacy.subjectrequest", subject_id=str(request.pk),
            status="agreed", asked_by=staff, decided_by=User.objects.get(username="E2"), asked_at=dates.now(),
            decided_at=dates.now(), due_on=DAY,
        )  # fmt: skip
        made = Deletion.objects.create(
            customer=customer, request=request, restriction=restriction, relation_ended_on=LONG_AGO, agreed_by=staff,
            agreed_on=LONG_AGO,
        )  # fmt: skip
        for one in classes:
            DeletionPart.objects.create(
                deletion=made, retention_class=one, counted_from=LONG_AGO, due_on=LONG_AGO.replace(year=2024)
            )
    return made


def erase():
    with as_worker():
        return deletions.erase_due(by=OPERATOR)


def landed(small_bank):
    """Every text that stands in any landed file, by feed."""
    found = {}
    with as_owner():
        files = [LandedFile.from_json(row.landed) for row in LoadFile.objects.all()]
    for path in (small_bank.root / "lake" / "landed").rglob("*.parquet"):
        assert path.name.startswith("rejects") or any(
            part.path == path.relative_to(small_bank.root / "lake").as_posix() for file in files for part in file.parts
        ), f"{path} is named by no load"
        for row in duckdb.sql(f"SELECT * FROM read_parquet('{path}', hive_partitioning = false)").fetchall():
            found.setdefault(path.relative_to(small_bank.root / "lake").parts[1], []).extend(
                str(value) for value in row
            )
    return found


def test_the_landed_files_hold_nothing_of_whoever_was_erased(small_bank):
    small_bank.load(BANK)
    to_delete(left_customer(), *CLASSES)
    assert LEFT in landed(small_bank)["person"]
    counts = erase()
    assert (counts["classes"], counts["lake_rows"]) == (4, 4)  # person, document, holding, balance
    texts = landed(small_bank)
    assert LEFT not in texts["person"] and "张三" in texts["person"]
    assert {"H2", "E22222222"}.isdisjoint({*texts["holding"], *texts["balance"], *texts["identity_document"]})
    assert erase()["lake_rows"] == 0


def test_the_next_delivery_does_not_bring_back_whoever_was_erased(small_bank):
    small_bank.load(BANK)
    customer = left_customer()
    to_delete(customer, *CLASSES)
    erase()
    again = {**BANK, "balance": [balance("H1", "61.00", next_day()), balance("H2", "0.00", next_day())]}
    result = small_bank.load(again, day=next_day())
    assert (result.state, result.problem) == ("published", "")
    assert [name for name, _key, _amount in money()] == ["张三"]
    customer.refresh_from_db(from_queryset=Customer.objects.everything(because="test"))
    assert (customer.status, customer.name) == ("erased", "")
    with as_owner():
        assert not SourceCustomer.objects.everything(because="test").filter(key="CORE/2").exists()
        assert not Holding.objects.everything(because="test").filter(key="CORE/H2").exists()
    assert LEFT not in landed(small_bank)["person"]
    tables = (small_bank.root / "lake" / "builds").rglob("*.parquet")
    newest = max(int(path.relative_to(small_bank.root / "lake").parts[1]) for path in tables)
    for path in (small_bank.root / "lake" / "builds" / str(newest)).rglob("*.parquet"):
        rows = duckdb.sql(f"SELECT * FROM read_parquet('{path}', hive_partitioning = false)").fetchall()
        assert not any(LEFT in str(value) for row in rows for value in row), path


def test_the_counts_of_a_delivery_stay_what_was_delivered(small_bank):
    small_bank.load(BANK)
    to_delete(left_customer(), *CLASSES)
    erase()
    result = small_bank.load({**BANK, "balance": [balance("H1", "61.00", next_day())]}, day=next_day())
    assert result.feeds["person"]["rows_read"] == 2


def test_only_the_class_that_is_due_is_left_out(small_bank):
    bank = {
        **BANK,
        "interaction": [
            {
                "source_system": "CORE", "interaction_id": "I1", "customer_id": "2", "happened_on": DAY.isoformat(),
                "channel": "phone", "interaction_kind": "call", "status": "closed", "subject": "咨询理财",
            }
        ],
    }  # fmt: skip
    result = small_bank.load(bank)
    assert (result.state, result.feeds["interaction"]["rows_rejected"]) == ("published", 0)
    to_delete(left_customer(), "service", "identity")
    with as_owner():
        DeletionPart.objects.filter(retention_class="identity").delete()
    erase()
    texts = landed(small_bank)
    assert "咨询理财" not in texts.get("interaction", []) and LEFT in texts["person"]
    assert Interaction.objects.everything(because="test").count() == 0


def test_somebody_new_with_the_same_document_is_a_new_customer(small_bank):
    small_bank.load(BANK)
    gone = left_customer()
    to_delete(gone, *CLASSES)
    erase()
    back = {
        **BANK,
        "person": [person("1", "张三"), person("3", LEFT)],
        "identity_document": [document("1", "E11111111"), document("3", "E22222222")],
        "holding": [holding("H1", "1"), holding("H3", "3", "B")],
        "balance": [balance("H1", "60.00", next_day()), balance("H3", "5.00", next_day())],
    }
    assert small_bank.load(back, day=next_day()).state == "published"
    assert left_customer().pk != gone.pk


def erase_until(monkeypatch, name):
    """Erases, and breaks off where `forgetting` comes to that function: the disk is full."""

    def full_disk(*_given, **_more):
        raise OSError("no space")

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, name, full_disk)
        with pytest.raises(OSError, match="no space"):
            erase()


def test_broken_off_between_database_and_lake_the_next_night_does_the_rest(small_bank, monkeypatch):
    small_bank.load(BANK)
    to_delete(left_customer(), *CLASSES)
    erase_until(monkeypatch, "clean_landed")
    assert LEFT in landed(small_bank)["person"]
    counts = erase()
    assert (counts["classes"], counts["lake_rows"]) == (0, 4)
    assert LEFT not in landed(small_bank)["person"]
    with as_owner():
        assert not ErasedKey.objects.filter(cleaned_at=None).exists()


def test_a_load_that_comes_before_the_rest_is_done_does_it_first(small_bank, monkeypatch):
    small_bank.load(BANK)
    customer = left_customer()
    to_delete(customer, *CLASSES)
    erase_until(monkeypatch, "clean_landed")
    only_money = {"balance": [balance("H1", "61.00", next_day())]}
    assert small_bank.load(only_money, day=next_day()).state == "published"
    assert [name for name, _key, _amount in money()] == ["张三"]
    assert not Customer.objects.everything(because="test").filter(name=LEFT).exists()
    assert LEFT not in landed(small_bank)["person"]


def test_killed_before_the_old_file_was_taken_away_the_next_call_takes_it(small_bank, monkeypatch):
    small_bank.load(BANK)
    to_delete(left_customer(), *CLASSES)
    erase_until(monkeypatch, "_remove_unnamed")
    erase()
    assert LEFT not in landed(small_bank)["person"]


def test_whoever_opens_an_account_again_under_the_old_number_is_a_customer_again(small_bank):
    small_bank.load(BANK)
    gone = left_customer()
    to_delete(gone, *CLASSES)
    erase()
    later = dates.today() + dt.timedelta(days=2)
    back = {
        **BANK,
        "person": [person("1", "张三"), person("2", LEFT, opened_on="2010-01-05")],
        "holding": [*BANK["holding"], holding("H9", "2", "B", opened_on=later.isoformat())],
        "balance": [balance("H1", "60.00", later), balance("H2", "0.00", later), balance("H9", "7.00", later)],
    }
    result = small_bank.load(back, day=later)
    assert (result.state, result.problem) == ("published", "")
    assert left_customer().pk != gone.pk
    assert [(name, key) for name, key, _amount in money()] == [("张三", "CORE/H1"), (LEFT, "CORE/H9")]
