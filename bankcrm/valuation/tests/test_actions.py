"""Setting the tier table: from a month to come on, in words where it may not be, with its record."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.valuation.actions import NewLevel, set_tiers, withdraw_tiers
from bankcrm.valuation.models import TierTable
from bankcrm.valuation.queries.table import rows_for_builds
from bankcrm.valuation.tests.factories import make_table

NEXT = date(2026, 12, 1)
MASS = NewLevel("大众", "Mass", Decimal(0), None, "mass")
GOLD = NewLevel("金卡", "Gold", Decimal(400_000), 2, "gold")
STAR = NewLevel("星耀", "Star", Decimal(9_000_000), 6)


def set_by(bank, *levels, month=NEXT, who="mei", reason="Board decision"):
    return set_tiers(by=getattr(bank, who), scope=bank.scope(who), first_month=month, levels=levels, reason=reason)


def messages(bank, *levels, **more):
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        set_by(bank, *levels, **more)
    return caught.value.message_dict


def test_a_new_table_begins_next_month_and_builds_read_it(bank):
    made = set_by(bank, MASS, GOLD, STAR)
    assert [(one.code, one.threshold, one.fall_months) for one in made.levels.order_by("threshold")] == [
        ("mass", 0, None), ("gold", 400_000, 2), ("level_1", 9_000_000, 6),
    ]  # fmt: skip
    assert ("2026-12", "gold", Decimal(400_000), 2) in rows_for_builds()
    event = AuditEvent.objects.get(action="tier_table.set")
    assert (event.after["levels"]["level_1"]["name"], event.reason) == ("星耀", "Board decision")


def test_one_that_was_to_begin_with_the_same_month_is_replaced_and_codes_are_never_used_twice(bank):
    set_by(bank, MASS, GOLD, STAR)
    set_by(bank, MASS, GOLD, month=date(2027, 1, 1))
    again = set_by(bank, MASS, STAR, NewLevel("极光", "Aurora", Decimal(9_900_000), 6))
    assert [one.code for one in again.levels.order_by("threshold")] == ["mass", "level_2", "level_3"]
    assert TierTable.objects.filter(first_month__gte=NEXT).count() == 2
    assert AuditEvent.objects.filter(action="tier_table.set").order_by("-pk")[0].before["levels"]["gold"]


@pytest.mark.parametrize("month", [date(2026, 11, 1), date(2026, 12, 2), date(2020, 1, 1)])
def test_months_that_have_begun_keep_their_table(bank, month):
    assert "begins with 2026-12 or later" in messages(bank, MASS, GOLD, month=month)["first_month"][0]


def test_what_is_wrong_is_said_at_its_row(bank):
    wrong = messages(
        bank,
        NewLevel("大众", "Mass", Decimal(1), None, "mass"),
        NewLevel("大众", "", Decimal(1), None, "emerald"),
        NewLevel("银" * 21, "Silver", Decimal(9), 25),
    )
    assert wrong["level_0"] == ["The lowest level begins at 0: every person stands in a level."]
    assert len(wrong["level_1"]) == 5
    assert wrong["level_2"] == [
        "A Chinese name has at most 20 characters, an English one at most 40.", "One falls after at most 24 months.",
    ]  # fmt: skip
    assert messages(bank, MASS)["levels"] == ["A tier table has at least two levels."]
    assert "reason" in messages(bank, MASS, GOLD, reason="  ")


def test_only_who_holds_the_permission_sets_and_withdraws(bank):
    for who in ("wu", "hua"):
        with pytest.raises(PermissionDenied):
            set_by(bank, MASS, GOLD, who=who)
    made = set_by(bank, MASS, GOLD)
    with pytest.raises(PermissionDenied):
        withdraw_tiers(by=bank.wu, scope=bank.scope("wu"), table_id=made.pk)


def test_a_version_that_has_not_begun_can_be_withdrawn_and_no_other(bank):
    made = set_by(bank, MASS, GOLD)
    withdraw_tiers(by=bank.mei, scope=bank.scope("mei"), table_id=made.pk)
    assert AuditEvent.objects.get(action="tier_table.withdraw").before["first_month"] == "2026-12"
    with pytest.raises(TierTable.DoesNotExist):
        withdraw_tiers(by=bank.mei, scope=bank.scope("mei"), table_id=TierTable.objects.get().pk)


@pytest.mark.parametrize(
    ("month", "levels"),
    [
        (date(2027, 1, 2), []),
        (date(2000, 1, 1), []),
        (date(2027, 1, 1), [("a", "甲", "A", 0, 3)]),
        (date(2027, 1, 1), [("a", "甲", "A", 5, None)]),
        (date(2027, 1, 1), [("a", "甲", "A", 5, 0)]),
        (date(2027, 1, 1), [("a", "甲", "A", -5, 3)]),
        (date(2027, 1, 1), [("a", "甲", "A", 5, 3), ("b", "乙", "B", 5, 3)]),
        (date(2027, 1, 1), [("a", "甲", "A", 5, 3), ("a", "乙", "B", 6, 3)]),
        (date(2027, 1, 1), [("a", "甲", "A", 5, 3), ("b", "甲", "B", 6, 3)]),
    ],
)
def test_the_database_keeps_what_no_action_should_write(bank, month, levels):
    with pytest.raises(IntegrityError), transaction.atomic(), as_owner():
        make_table(month, *levels)
