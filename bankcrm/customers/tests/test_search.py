"""The search box: which needle finds whom, and what it must not tell."""

import pytest

from bankcrm.core import context, dates, names
from bankcrm.core.models import AuditEvent
from bankcrm.customers.queries.search import search
from bankcrm.customers.tests.factories import (
    TODAY,
    CoverageFactory,
    CustomerFactory,
    OrganisationFactory,
    SearchKeyFactory,
)
from bankcrm.org.tests.factories import scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with dates.clock_at(TODAY):
        yield


@pytest.fixture
def units():
    return tree({"HQ": {"B1": {}, "B2": {}}})


@pytest.fixture
def head(units):
    return user_with_post("branch_head", "subtree", unit=units["B1"])


def known(units, name, *, unit="B1", maker=CustomerFactory, **keys):
    """A customer with the search keys that the load makes of its name and numbers."""
    found = names.search_names(name, person=maker is CustomerFactory)
    customer = maker(owning_unit=units[unit], name=name, sort_key=found.sort_key, name_pieces=list(found.pieces))
    for value in found.pinyin:
        SearchKeyFactory(customer=customer, kind="pinyin", value=value)
    for value in found.initials:
        SearchKeyFactory(customer=customer, kind="initials", value=value)
    for kind, value in keys.items():
        SearchKeyFactory(customer=customer, kind=kind, value=value)
    return customer


def found(user, text):
    return [hit.name for hit in search(scope_of(user), text)]


@pytest.mark.parametrize(
    "needle",
    ["单雄信", "单雄", "雄信", "单", "shanxiongxin", "shanx", "sxx", "danxiong", "dxx", "SXX", " 单雄信 ", "ｓｘｘ"],
)
def test_a_name_is_found_by_fragment_pinyin_initials_and_both_readings_of_its_surname(units, head, needle):
    known(units, "单雄信")
    known(units, "王芳")
    assert found(head, needle) == ["单雄信"]


@pytest.mark.parametrize("needle", ["雄", "单信", "信雄", "shan xiong wrong", "x", "s", "雄单"])
def test_what_is_no_fragment_finds_nothing(units, head, needle):
    known(units, "单雄信")
    assert found(head, needle) == []


@pytest.mark.parametrize("needle", ["江南精工", "精工机械", "jiangnanjinggong", "jnjg"])
def test_an_organisation_is_found_likewise(units, head, needle):
    known(units, "江南精工机械有限公司", maker=OrganisationFactory)
    assert found(head, needle) == ["江南精工机械有限公司"]


NUMBERS = {"phone": "13812345678", "document": "11010519491231002X", "account": "6228480030212345679"}


@pytest.mark.parametrize(
    "needle", [*NUMBERS.values(), "138 1234 5678", "11010519491231002x", "6228 4800 3021 2345 679"]
)
def test_a_number_is_found_in_full(units, head, needle):
    known(units, "张建国", **NUMBERS)
    assert found(head, needle) == ["张建国"]


@pytest.mark.parametrize("needle", ["5678", "5679"])
def test_a_number_is_found_by_the_tail_that_the_mask_shows(units, head, needle):
    known(units, "张建国", **NUMBERS)
    assert found(head, needle) == ["张建国"]


@pytest.mark.parametrize(
    "needle", ["138123", "1381", "13812345", "45678", "345678", "1234", "62284800302", "110105", "110105194912"]
)
def test_any_other_part_of_a_masked_number_finds_nothing(units, head, needle):
    known(units, "张建国", **NUMBERS)
    assert found(head, needle) == []


def test_a_fixed_lines_tail_of_four_is_more_than_its_mask_shows(units, head):
    known(units, "张建国", phone="02584567890")
    assert found(head, "7890") == []
    assert found(head, "02584567890") == ["张建国"]


def test_the_hit_shows_the_number_masked(units, head):
    known(units, "张建国", **NUMBERS)
    hit = search(scope_of(head), "13812345678")[0]
    assert hit.shown == "138****5678"
    assert search(scope_of(head), "11010519491231002X")[0].shown == "110***********002X"


def test_ones_own_customers_mobile_is_shown_in_full(units):
    manager = user_with_post("relationship_manager", "self", unit=units["B1"])
    CoverageFactory(customer=known(units, "张建国", **NUMBERS), user=manager)
    assert search(scope_of(manager), "5678")[0].shown == "13812345678"


def test_an_organisations_public_code_is_found_by_its_beginning(units, head):
    known(units, "江南精工机械有限公司", maker=OrganisationFactory, document="91110000710926094P")
    assert found(head, "91110000") == ["江南精工机械有限公司"]
    assert found(head, "91110000710926094p") == ["江南精工机械有限公司"]


def test_a_customer_number_is_found_grouped_and_by_its_beginning(units, head):
    customer = known(units, "张建国")
    assert found(head, customer.number_grouped) == ["张建国"]
    assert found(head, customer.number[:8]) == ["张建国"]
    assert found(head, customer.number[:5]) == []


@pytest.mark.parametrize("needle", ["单雄信", "shanxiongxin", "13812345678", "5678"])
def test_nobody_outside_the_scope_is_found(units, head, needle):
    known(units, "单雄信", unit="B2", phone="13812345678")
    assert found(head, needle) == []
    assert found(user_with_post("branch_head", "subtree", unit=units["B2"]), needle) == ["单雄信"]


def test_who_sees_names_masked_finds_no_person_by_name(units):
    scope_user = user_with_post("product_manager", "bank", unit=units["HQ"])
    known(units, "单雄信")
    known(units, "单县精工有限公司", maker=OrganisationFactory)
    assert found(scope_user, "单") == ["单县精工有限公司"]
    assert found(scope_user, "sxx") == []


@pytest.mark.parametrize("needle", ["", " ", "%", "_", "\\", "'", "（", "🙂", "a" * 300, "9" * 300, "\x00"])
def test_odd_needles_find_nothing_and_break_nothing(units, head, needle):
    known(units, "张建国", **NUMBERS)
    assert found(head, needle) == []


def test_a_search_costs_few_queries_however_many_it_finds(units, head, django_assert_max_num_queries):
    for _one in range(15):
        known(units, "张建国", phone="13812345678")
    scope = scope_of(head)
    for needle in ("张建", "zjg", "13812345678", "5678"):
        with context.serving(context.RequestContext(scope=scope)), django_assert_max_num_queries(10):
            assert len(search(scope, needle)) == 12


# The page -----------------------------------------------------------------------------------------------------------


def test_the_search_page_and_the_live_results_hold_the_same_hit(client, units, head):
    customer = known(units, "单雄信")
    client.force_login(head)
    whole = client.get("/search/?q=sxx").content.decode()
    piece = client.get("/search/?q=sxx", headers={"HX-Request": "true"}).content.decode()
    assert f"/customers/{customer.number}/" in whole
    assert f"/customers/{customer.number}/" in piece
    assert "<html" not in piece


def test_a_search_is_recorded_without_its_needle(client, units, head):
    customer = known(units, "张建国", **NUMBERS)
    client.force_login(head)
    client.get("/search/?q=13812345678")
    event = AuditEvent.objects.get(action="search")
    assert event.detail == {"kind": "digits", "length": 11, "found": 1, "customers": [customer.pk]}
    assert "13812345678" not in str(vars(event))


def test_somebody_without_the_right_finds_nothing(client, units):
    known(units, "单雄信")
    client.force_login(user_with_post("it_operator", "bank", unit=units["HQ"]))
    page = client.get("/search/?q=sxx").content.decode()
    assert "单雄信" not in page
    assert 'id="search-host"' not in page
