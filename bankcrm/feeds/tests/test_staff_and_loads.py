"""Staff write while a load is under way: what they wrote is there afterwards, and nobody deadlocks."""

import os
import subprocess
import sys
import threading
import time

import pytest
from django.conf import settings
from django.db import connection, transaction

from bankcrm.core import publication
from bankcrm.customers.actions.overrides import override_field
from bankcrm.customers.models import FieldOverride
from bankcrm.feeds.tests.small_bank import FIRST, customers, next_day, person
from bankcrm.lake.faults import PAUSE_AT, PAUSE_FILE
from bankcrm.org.models import OrgUnit
from bankcrm.org.tests.factories import scope_of, user_with_post

PATIENCE = 60.0


class RunningLoad:
    """A load in another process; it stands still at a point until it is let go."""

    def __init__(self, folder, file, point=""):
        self.file = file
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "bankcrm.feeds.tests.dying",
                connection.settings_dict["NAME"], str(settings.LAKE_ROOT), str(folder),
            ],
            env=os.environ | {PAUSE_AT: point, PAUSE_FILE: str(file)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if point:
            self._until(file.exists)

    def _until(self, happened):
        until = time.monotonic() + PATIENCE
        while not happened():
            assert self.process.poll() is None and time.monotonic() < until, self.process.communicate()
            time.sleep(0.02)

    def until_it_waits(self):
        self._until(lambda: waiting() > 0)

    def finish(self):
        self.file.unlink(missing_ok=True)
        out, err = self.process.communicate(timeout=PATIENCE)
        assert out.strip() == "published", err[-3000:]


def waiting():
    """How many sessions wait for the lock of publications, or for a row or a table."""
    with connection.cursor() as cursor:
        # pg_stat_activity does not tell the web role what others wait for; pg_locks does.
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND (database IS NULL OR database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return cursor.fetchone()[0]


class Staff(threading.Thread):
    """Somebody at a page: writes on a connection of their own."""

    def __init__(self, write):
        super().__init__()
        self.write, self.error = write, None

    def run(self):
        try:
            self.write()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def done(self):
        self.join(PATIENCE)
        assert not self.is_alive() and self.error is None, self.error


@pytest.fixture
def bank(small_bank):
    small_bank.load()
    return small_bank


@pytest.fixture
def steward(bank):
    return user_with_post("data_steward", "bank", unit=OrgUnit.objects.get(code="HO"))


def correct(steward, number, value="staff厂"):
    return override_field(
        by=steward, scope=scope_of(steward), number=number, field_name="employer_name", value=value,
        reason="客户来电更正",
    )  # fmt: skip


def delivery(bank, day=1, employer="二厂"):
    people = [person("1", "张三", employer_name=employer), person("2", "李四", employer_name=employer)]
    return bank.deliver({**FIRST, "person": people}, day=next_day(day))


def employer(name="张三"):
    return customers()[name].person.employer_name


@pytest.mark.parametrize("point", ["land_files:after", "stage_facts:after", "publish_build:before"])
def test_what_is_corrected_before_the_publication_stays(bank, steward, tmp_path, point):
    load = RunningLoad(delivery(bank), tmp_path / "pause", point)
    correct(steward, customers()["张三"].number)
    load.finish()
    assert (employer(), employer("李四")) == ("staff厂", "二厂")
    bank.load(folder=delivery(bank, day=2, employer="三厂"))
    assert employer() == "三厂"  # it was made in knowledge of 二厂: only another word ends it


@pytest.mark.parametrize("point", ["publish:begun", "publish:before_commit"])
def test_what_is_corrected_while_the_load_publishes_waits_and_stays(bank, steward, tmp_path, point):
    load = RunningLoad(delivery(bank), tmp_path / "pause", point)
    staff = Staff(lambda: correct(steward, customers()["张三"].number))
    staff.start()
    load.until_it_waits()
    load.finish()
    staff.done()
    assert employer() == "staff厂"
    made = FieldOverride.objects.everything(because="test").get()
    assert (made.source_value, made.released_at) == ("二厂", None)


def test_a_load_waits_for_staff_in_the_middle_of_writing(bank, steward, tmp_path):
    folder, numbers = delivery(bank), {name: row.number for name, row in customers().items()}
    with transaction.atomic():
        correct(steward, numbers["张三"])
        load = RunningLoad(folder, tmp_path / "pause")
        load.until_it_waits()
        correct(steward, numbers["李四"], "另一厂")  # the row that the load would have taken meanwhile
    load.finish()
    # 张三 was corrected before the load began, so its word is news and ends the correction, as the bank's rule says;
    # the load found it although it was committed after the load's own first look.
    assert (employer(), employer("李四")) == ("二厂", "另一厂")
    made = {row.value: row.ending for row in FieldOverride.objects.everything(because="test")}
    assert made == {"staff厂": FieldOverride.Ending.SOURCE_CHANGED, "另一厂": ""}


def test_the_lock_is_refused_outside_a_transaction(transactional_db):
    with pytest.raises(RuntimeError):
        publication.share()
