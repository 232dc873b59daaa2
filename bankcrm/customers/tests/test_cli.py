"""`bankcrm customer`: masked for IT staff, plain with a reason, on the record either way."""

import json

import pytest
from click.testing import CliRunner

from bankcrm.core.models import AuditEvent
from bankcrm.customers.cli import customer
from bankcrm.customers.tests.factories import ContactPointFactory, DocumentFactory, HoldingFactory, SearchKeyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(cast, fake_lake):
    DocumentFactory(customer=cast.customer, document_number="440524188001010014")
    ContactPointFactory(customer=cast.customer, value="13812345678")
    HoldingFactory(customer=cast.customer)
    SearchKeyFactory(customer=cast.customer, kind="phone", value="13812345678")
    return cast.customer


def run(*arguments):
    return CliRunner().invoke(customer, arguments)


def test_show_is_masked_by_default(known):
    told = json.loads(run("show", known.number, "--json").output)
    assert told["name"] == "张**"
    assert told["documents"][0]["number"] == "440***********0014"
    assert told["contacts"][0]["value"] == "138****5678"
    assert told["figures"]["aum_end"] == "120000.00"


def test_show_with_a_reason_is_plain_and_the_reason_is_on_record(known):
    told = json.loads(run("show", known.number, "--json", "--reason", "工单 4711").output)
    assert told["name"] == "张建国" and told["contacts"][0]["value"] == "13812345678"
    assert "工单 4711" in AuditEvent.objects.get(action="customer.view").reason


def test_show_takes_the_number_as_people_write_it(known):
    assert run("show", known.number_grouped).exit_code == 0


def test_an_unknown_number_is_said_with_exit_code_1(known):
    found = run("show", "61000000000")
    assert found.exit_code == 1 and "no customer" in found.output


def test_find_by_a_whole_phone_number(known):
    (row,) = json.loads(run("find", "13812345678", "--json").output)
    assert (row["number"], row["name"]) == (known.number, "张**")


def test_find_says_when_there_is_nobody(known):
    found = run("find", "13900000000", "--json")
    assert (found.exit_code, json.loads(found.output)) == (1, [])
