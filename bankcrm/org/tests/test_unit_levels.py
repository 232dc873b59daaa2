"""A unit goes up in one that does the same work, at its level of the bank or above; the page offers no other."""

import re

import pytest
from django.core.exceptions import ValidationError

from bankcrm.core import dates
from bankcrm.core.models import Approval
from bankcrm.core.testing import as_owner
from bankcrm.org.actions.unit_merges import merge_unit
from bankcrm.org.models import OrgUnit
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post
from bankcrm.org.unit_levels import level_of, may_go_up_in

BANK = {
    "HO": (None, "head_office"),
    "HO-D": ("HO", "department"),
    "HO-D1": ("HO-D", "department"),
    "A": ("HO", "branch"),
    "A-D": ("A", "department"),
    "A1": ("A", "sub_branch"),
    "A1-O": ("A1", "outlet"),
    "B": ("HO", "branch"),
    "B-D": ("B", "department"),
    "B1": ("B", "sub_branch"),
}


@pytest.mark.parametrize(
    ("gone", "kept"),
    [
        ("A", "B"),
        ("A1", "B1"),
        ("A1", "A"),
        ("A1-O", "B1"),
        ("A1-O", "A"),
        ("A-D", "B-D"),
        ("A-D", "HO-D"),
        ("HO-D1", "HO-D"),
    ],
)
def test_a_unit_goes_up_in_one_of_its_kind_or_of_the_kind_above(gone, kept):
    assert may_go_up_in(BANK, gone, kept)


@pytest.mark.parametrize(
    ("gone", "kept"),
    [
        ("A1", "A-D"),
        ("A1", "HO-D"),
        ("A1", "HO"),
        ("A", "HO"),
        ("A", "B1"),
        ("A1", "A1-O"),
        ("A-D", "A1"),
        ("A-D", "A"),
        ("HO-D", "A-D"),
        ("HO-D1", "A-D"),
    ],
)
def test_a_unit_goes_up_neither_in_other_work_nor_further_down(gone, kept):
    assert not may_go_up_in(BANK, gone, kept)


def test_a_department_stands_at_the_level_of_its_unit():
    assert [level_of(BANK, code) for code in ("HO", "HO-D1", "A-D", "A1", "A1-O")] == [0, 0, 1, 2, 3]


@pytest.fixture
def units(db):
    made = tree({"HO": {"HO-D": {}, "A": {"A1": {}, "A2": {}, "A-D": {}}, "B": {"B1": {}}}})
    kinds = {"HO-D": "department", "A-D": "department", "A1": "sub_branch", "A2": "sub_branch", "B1": "sub_branch"}
    with as_owner():
        for code, kind in kinds.items():
            OrgUnit.objects.filter(code=code).update(kind=kind)
    return {code: OrgUnit.objects.get(pk=unit.pk) for code, unit in made.items()}


@pytest.fixture
def admin(units):
    return user_with_post("system_administrator", "bank", unit=units["HO"])


def offered(client, unit):
    page = client.get(f"/org/units/{unit.pk}/merge/").content.decode()
    select = re.search(r'<select[^>]*name="into".*?</select>', page, re.S).group(0)
    codes = {str(one.pk): one.code for one in OrgUnit.objects.all()}
    return {codes[value] for value in re.findall(r'<option value="(\d+)"', select)}


def test_the_page_offers_only_units_that_can_take_over(units, admin):
    client = client_of(admin)
    assert offered(client, units["A1"]) == {"A", "A2", "B", "B1"}
    assert offered(client, units["A"]) == {"B"}
    assert offered(client, units["A-D"]) == {"HO-D"}


def test_a_department_typed_in_by_hand_makes_no_request(units, admin):
    form = {"into": units["HO-D"].pk, "on": dates.today().isoformat(), "reason": "网点优化"}
    assert client_of(admin).post(f"/org/units/{units['A1'].pk}/merge/", form).status_code == 422
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    ("gone", "kept", "reason"),
    [("A1", "HO-D", r"does not do the work|业务不同"), ("HO-D", "A-D", r"lower level|层级低于")],
)
def test_the_action_refuses_other_kinds_and_says_why(units, admin, gone, kept, reason):
    scope = scope_of(admin)
    with pytest.raises(ValidationError, match=reason), as_owner():
        merge_unit(gone_id=units[gone].pk, kept_id=units[kept].pk, on=dates.today(), reason="x", by=scope, scope=scope)
    assert OrgUnit.objects.get(code=gone).merged_into is None
