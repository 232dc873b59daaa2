"""A full delivery that has lost its rows is asked about before it takes customers away."""

import json
from decimal import Decimal

import pytest

from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer
from bankcrm.feeds.tests.small_bank import DAY, FIRST, balance, holding, next_day, person, total
from bankcrm.system.models import ParameterValue

pytestmark = pytest.mark.django_db(transaction=True)
MANY = [person(str(number), f"客户{number}") for number in range(1, 121)]


def present():
    return Customer.objects.everything(because="test").filter(status="active").count()


def say_it_is_meant(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        entry["may_shrink"] = True
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_full_file_with_a_header_and_no_rows_takes_nobody_away(small_bank):
    small_bank.load()
    result = small_bank.load({"person": []}, day=next_day())
    assert (result.state, result.problem) == ("refused", "shrunk")
    assert result.detail == {"file": "person.csv", "rows": "0", "before": "2", "limit": "30%"}
    assert (present(), total()) == (2, Decimal("100.00"))


def test_an_empty_full_file_is_believed_where_the_manifest_says_so(small_bank):
    small_bank.load()
    folder = small_bank.deliver({"holding": []}, day=next_day())
    say_it_is_meant(folder)
    assert small_bank.load(folder=folder, day=next_day()).state == "published"


def test_a_feed_that_was_always_empty_stays_so_without_a_question(small_bank):
    small_bank.load({**FIRST, "relation": []})
    assert small_bank.load({"relation": []}, day=next_day()).is_good


def test_losing_more_than_the_limit_is_refused_and_less_is_not(small_bank):
    small_bank.load({**FIRST, "person": MANY})
    assert small_bank.load({"person": MANY[:83]}, day=next_day()).problem == "shrunk"
    assert small_bank.load({"person": MANY[:84]}, day=next_day()).state == "published"


def test_the_limit_is_the_banks_to_set(small_bank):
    small_bank.load({**FIRST, "person": MANY})
    with as_owner():
        ParameterValue.objects.create(key="feeds.max_shrinkage", value="0.9", valid=("2026-01-01", None))
    assert small_bank.load({"person": MANY[:20]}, day=next_day()).state == "published"


def test_a_delta_may_be_as_short_as_it_likes(small_bank):
    small_bank.load({**FIRST, "person": MANY})
    assert small_bank.load({"person": MANY[:1]}, day=next_day(), scope="delta").is_good


def test_balances_of_all_accounts_are_compared_and_first_loadings_are_not(small_bank):
    accounts = [holding(f"H{number}", "1") for number in range(200)]
    balances = [balance(f"H{number}", "1.00") for number in range(200)]
    small_bank.load({**FIRST, "holding": accounts, "balance": balances})
    short = [balance(f"H{number}", "2.00", next_day()) for number in range(50)]
    assert small_bank.load({"balance": short}, day=next_day()).problem == "shrunk"
    assert total() == Decimal("200.00")


def test_a_word_that_is_neither_true_nor_false_is_refused(small_bank):
    folder = small_bank.deliver({"person": FIRST["person"]}, day=DAY)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][0]["may_shrink"] = "perhaps"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    result = small_bank.load(folder=folder)
    assert (result.state, result.problem, result.detail["key"]) == ("refused", "bad_entry", "may_shrink")
