"""Differences from the ledger: found by a load, explained by people, closed by themselves; who sees what of them."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.queries import lake
from bankcrm.customers.tests.factories import CustomerFactory, FakeLake, HoldingFactory
from bankcrm.feeds import actions
from bankcrm.feeds.cli import bank_status
from bankcrm.feeds.ledger_queries import cells, differences, ledger_status
from bankcrm.feeds.models import LedgerCell, LedgerDifference
from bankcrm.feeds.tests.ledger_cases import CellFactory, DifferenceFactory, posted
from bankcrm.feeds.tests.small_bank import DAY, FIRST, OPERATOR, balance, next_day
from bankcrm.org.tests.factories import scope_of, tree, user_with_post
from bankcrm.system.models import ParameterValue

loaded = pytest.mark.django_db(transaction=True)
READERS = ["it_operator", "data_steward", "auditor"]


def ledger(*rows, day=DAY):
    return [posted(unit, amount, day=day.isoformat()) for unit, amount in rows]


def worklist():
    rows = LedgerDifference.objects.everything(because="test").order_by("pk")
    return [(row.unit_code, row.difference, row.state, row.since_on, row.closed_on) for row in rows]


def first():
    return LedgerDifference.objects.everything(because="test").first()


def explain(difference, reason="在途资金", by=OPERATOR):
    return actions.explain_difference(by=by, pk=first().pk, reason=reason, difference=Decimal(difference))


def set_parameter(key, value):
    with as_owner():
        ParameterValue.objects.create(key=key, value=value, valid=("2026-01-01", None))


@loaded
def test_a_difference_is_found_followed_and_closed_when_the_cell_ties_again(small_bank):
    small_bank.load({**FIRST, "gl_balance": ledger(("A", "60.00"), ("B", "45.00"))})
    assert worklist() == [("B", Decimal("-5.00"), "open", DAY, None)]
    small_bank.load({"gl_balance": ledger(("A", "60.00"), ("B", "43.00"), day=next_day())}, day=next_day())
    assert worklist() == [("B", Decimal("-3.00"), "open", DAY, None)]
    small_bank.load({"gl_balance": ledger(("A", "60.00"), ("B", "40.00"), day=next_day(2))}, day=next_day(2))
    assert worklist() == [("B", Decimal("-3.00"), "closed", DAY, next_day(2))]
    small_bank.load({"gl_balance": ledger(("A", "60.00"), ("B", "41.00"), day=next_day(3))}, day=next_day(3))
    assert worklist()[1:] == [("B", Decimal("-1.00"), "open", next_day(3), None)]


@loaded
def test_an_explanation_holds_while_the_difference_stays_the_same(small_bank):
    small_bank.load({**FIRST, "gl_balance": ledger(("A", "60.00"), ("B", "45.00"))})
    explain("-5.00")
    both = {
        "balance": [balance("H2", "50.00", next_day())],
        "gl_balance": ledger(("A", "60"), ("B", "55"), day=next_day()),
    }
    small_bank.load(both, day=next_day(), scope="delta")
    assert (first().state, first().accounts) == ("explained", Decimal("50.00"))
    small_bank.load(
        {"gl_balance": ledger(("A", "60"), ("B", "55.01"), day=next_day(2))}, day=next_day(2), scope="delta"
    )
    assert (first().state, first().difference, first().reason) == ("open", Decimal("-5.01"), "在途资金")


@loaded
def test_a_day_without_a_ledger_leaves_the_worklist_as_it_is(small_bank):
    small_bank.load({**FIRST, "gl_balance": ledger(("A", "60.00"), ("B", "45.00"))})
    before = worklist()
    small_bank.load({"balance": [balance("H2", "50.00", next_day())]}, day=next_day(), scope="delta")
    assert worklist() == before
    assert bank_status(OPERATOR)["ledger"] == {
        "compared_on": None, "cells": 0, "tied": 0, "differing": 0, "open": 1, "explained": 0,
    }  # fmt: skip


@loaded
def test_status_counts_cells_that_tie_and_differ(small_bank):
    small_bank.load({**FIRST, "gl_balance": ledger(("A", "60.00"), ("B", "45.00"))})
    assert bank_status(OPERATOR)["ledger"] == {
        "compared_on": DAY.isoformat(), "cells": 2, "tied": 1, "differing": 1, "open": 1, "explained": 0,
    }  # fmt: skip


@loaded
def test_a_difference_within_the_tolerance_is_none(small_bank):
    set_parameter("feeds.ledger_tolerance", "5.00")
    small_bank.load({**FIRST, "gl_balance": ledger(("A", "60.00"), ("B", "45.00"))})
    assert worklist() == []
    assert ledger_status(OPERATOR).tied == 2
    small_bank.load({"gl_balance": ledger(("A", "65.01"), ("B", "45"), day=next_day())}, day=next_day())
    assert worklist() == [("A", Decimal("-5.01"), "open", next_day(), None)]


@loaded
def test_a_bank_may_have_differences_stop_the_load(small_bank):
    set_parameter("feeds.ledger_difference", "stop")
    result = small_bank.load({**FIRST, "gl_balance": ledger(("A", "60.00"), ("B", "45.00"))})
    assert (result.state, result.problem) == ("refused", "ledger_differs")
    assert result.detail == {"count": "1", "cells": "2", "named": "B CNY deposit -5.00"}
    assert (worklist(), LedgerCell.objects.everything(because="test").count()) == ([], 0)
    assert small_bank.load({**FIRST, "gl_balance": ledger(("A", "60.00"), ("B", "40.00"))}).state == "published"


# What people do with it.


@pytest.fixture
def units(db):
    return tree({"HO": {"A": {}, "B": {}}})


@pytest.fixture
def steward(units):
    return user_with_post("data_steward", "bank", unit=units["HO"])


@pytest.fixture
def answers():
    made = FakeLake()
    with lake.using(made):
        yield made


def client_of(user, language="en"):
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["bankcrm_language"] = language
    return client


def test_rows_are_those_of_the_units_in_scope(units):
    for place in ("A", "B"):
        DifferenceFactory(unit=units[place])
        CellFactory(unit=units[place])
    DifferenceFactory(unit=None, account_class="unknown")
    branch = scope_of(user_with_post("data_steward", "subtree", unit=units["A"]))
    whole = scope_of(user_with_post("auditor", "bank", unit=units["HO"]))
    assert [row.unit_code for row in differences(branch)] == [row.unit_code for row in cells(branch)] == ["A"]
    assert (differences(whole).count(), cells(whole).count()) == (3, 2)
    with pytest.raises(PermissionDenied):
        differences(scope_of(user_with_post("branch_head", "bank", unit=units["HO"])))


def test_explaining_is_on_record_and_wants_a_reason_and_the_amount_that_was_read(units, steward):
    row, scope = DifferenceFactory(unit=units["A"]), scope_of(steward)
    with translation.override("en"), pytest.raises(ValidationError, match="Say why"):
        explain("5.00", "  ", scope)
    with translation.override("en"), pytest.raises(ValidationError, match="another difference"):
        explain("4.99", "在途", scope)
    explain("5.00", "在途", scope)
    row.refresh_from_db(from_queryset=LedgerDifference.objects.everything(because="test"))
    assert (row.state, row.reason, row.explained_by) == ("explained", "在途", steward)
    event = AuditEvent.objects.get(action="ledger.explain")
    assert (event.before["state"], event.after["state"], event.after["difference"]) == ("open", "explained", "5.00")


def test_what_ties_again_cannot_be_explained(units, steward):
    DifferenceFactory(unit=units["A"], state="closed", closed_on=DAY)
    with translation.override("en"), pytest.raises(ValidationError, match="ties again"):
        explain("5.00", "在途", scope_of(steward))


def test_nobody_explains_outside_the_scope_or_without_the_right(units):
    DifferenceFactory(unit=units["A"])
    with pytest.raises(LedgerDifference.DoesNotExist):
        explain("5.00", "在途", scope_of(user_with_post("data_steward", "subtree", unit=units["B"])))
    with pytest.raises(PermissionDenied):
        explain("5.00", "在途", scope_of(user_with_post("auditor", "bank", unit=units["HO"])))


@pytest.mark.parametrize("role", READERS)
def test_the_list_shows_the_cell_and_its_difference(units, role, answers):
    DifferenceFactory(unit=units["A"], ledger="1234567.80", accounts="1234572.80")
    page = client_of(user_with_post(role, "bank", unit=units["HO"])).get(reverse("feeds:ledger")).content.decode()
    for text in ("Accounts against the ledger", units["A"].label, "1,234,567.80", "5.00", "2026-11-22", "Deposit"):
        assert text in page


def test_all_cells_stand_beside_the_differences(units, steward):
    CellFactory(unit=units["A"], ledger="77.00", accounts="77.00")
    page = client_of(steward).get(reverse("feeds:ledger") + "?view=cells").content.decode()
    assert "77.00" in page
    assert "1 cells compared, 1 tie, 0 differ" in page


def test_the_list_costs_the_same_queries_for_ten_rows_and_twenty(units, steward):
    def asked(count):
        for _number in range(count):
            DifferenceFactory()
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("feeds:ledger")).status_code == 200
        return len(found)

    client = client_of(steward)
    client.get(reverse("feeds:ledger"))
    assert asked(10) == asked(10 + 10)


def test_the_accounts_of_a_cell_lead_to_the_holding_for_who_may_see_them(units, steward, answers):
    row = DifferenceFactory(unit=units["A"])
    customer = CustomerFactory(owning_unit=units["A"], name="王芳")
    held = HoldingFactory(customer=customer, unit=units["A"], account_number="6228480030212345679")
    answers.answers["ledger_cell_accounts"] = [
        {"holding_key": held.key, "is_unidentified": False, "balance": Decimal("100.00")},
        {"holding_key": "CORE/stub", "is_unidentified": True, "balance": Decimal("3.00")},
    ]
    address = reverse("feeds:ledger-difference", args=[row.pk])
    page = client_of(steward).get(address).content.decode()
    assert reverse("customers:holding", args=[customer.number, held.pk]) in page
    assert "王芳" in page
    assert "100.00" in page
    assert AuditEvent.objects.get(action="ledger.accounts").detail == {"rows": 2, "skip": 0}
    operator = client_of(user_with_post("it_operator", "bank", unit=units["HO"])).get(address).content.decode()
    assert "Not allowed to see" in operator
    assert "王芳" not in operator
    assert "Explain" in operator


def test_explaining_on_the_page(units, steward, answers):
    row = DifferenceFactory(unit=units["A"])
    shown, address = (reverse(f"feeds:ledger-{name}", args=[row.pk]) for name in ("difference", "explain"))
    client = client_of(steward)
    assert 'name="difference" value="5.00"' in client.get(shown).content.decode()
    refused = client.post(address, {"reason": "", "difference": "5.00"})
    assert (refused.status_code, first().state) == (422, "open")
    assert client.post(address, {"reason": "在途资金", "difference": "4.00"}).status_code == 422
    assert client.post(address, {"reason": "在途资金", "difference": "5.00"}).status_code == 302
    assert first().reason == "在途资金"
    auditor = client_of(user_with_post("auditor", "bank", unit=units["HO"]))
    assert auditor.post(address, {"reason": "x", "difference": "5.00"}).status_code == 403
    assert "<textarea" not in auditor.get(shown).content.decode()
