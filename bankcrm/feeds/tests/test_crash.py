"""Whatever moment the process is killed at: what is published is whole, old or new, and the next load finishes."""

import os
import signal
import subprocess
import sys
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection

from bankcrm.feeds.models import Build, Load, LoadFile
from bankcrm.feeds.steps import STEPS
from bankcrm.feeds.tests.small_bank import DAY, FIRST, balance, money, next_day, person
from bankcrm.lake.faults import VARIABLE
from bankcrm.lake.manifest import BuildManifest

POINTS = [f"{step.name}:{side}" for step in STEPS for side in ("before", "after")]
POINTS += ["publish:before_commit", "publish:after_commit"]
GROUPS = 4  # each in a bank of its own, so that they can run beside one another
PUBLISHED_AT = {"publish:after_commit", "publish_build:after"}


def killed_at(point, folder):
    """Loads in another process that dies there."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bankcrm.feeds.tests.dying",
            connection.settings_dict["NAME"],
            str(settings.LAKE_ROOT),
            str(folder),
        ],
        env=os.environ | {VARIABLE: point},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, f"{point} was not passed: {done.stdout} {done.stderr[-2000:]}"


def published():
    """What everybody sees: data date, balances, name, and the files that it is made of."""
    build = Build.objects.get(is_current=True)
    lake = settings.LAKE_ROOT
    tables = BuildManifest.from_json(build.manifest).tables
    missing = [path for paths in tables.values() for path in paths if not (lake / path).exists()]
    newest = max(LoadFile.objects.filter(is_effective=True).values_list("business_date", flat=True))
    (name, _key, amount), _other = money()
    return build.business_date, newest, name, amount, missing


def state_of(number):
    """What `published` answers once the delivery of that number is."""
    day = next_day(number)
    return day, day, f"张{number}", Decimal(number), []


def test_every_step_can_be_killed_before_and_after():
    assert len(POINTS) == 2 * len(STEPS) + 2 and len(set(POINTS)) == len(POINTS)


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_kill_at_any_point_leaves_the_old_state_or_the_new_one(small_bank, group):
    feeds = {**FIRST, "person": [person("1", "张0"), person("2", "李四")]}
    feeds["balance"] = [balance("H1", "0.00", DAY), balance("H2", "40.00", DAY)]
    small_bank.load(feeds)
    assert published() == state_of(0)
    number = 0
    for point in POINTS[group::GROUPS]:
        old, number = number, number + 1
        day = next_day(number)
        feeds = {
            "person": [person("1", f"张{number}"), person("2", "李四")],
            "balance": [balance("H1", f"{number}.00", day), balance("H2", "40.00", day)],
        }
        folder = small_bank.deliver(feeds, day=day)
        killed_at(point, folder)
        assert published() == state_of(number if point in PUBLISHED_AT else old), point
        result = small_bank.load(folder=folder)
        assert result.state == ("unchanged" if point in PUBLISHED_AT else "published"), point
        assert published() == state_of(number), point
        assert not Load.objects.filter(state="running").exists()
        assert Build.objects.filter(published_at=None).count() == 0
