"""The page for those who look after the machinery."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from bankcrm.core import audit, jobs, sizes
from bankcrm.core.models import AuditEvent, Job, SizeOfDay, SlowRequest
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.org.tests.factories import client_of, scope_of, user_with_post
from bankcrm.system.operations import queries

pytestmark = pytest.mark.django_db
URL = "/system/operations/"


@pytest.fixture
def operator():
    return user_with_post("it_operator", "bank")


@pytest.fixture
def manager():
    return user_with_post("relationship_manager", "self")


@pytest.fixture
def failed(manager):
    """A job of a manager's that failed."""
    jobs.job("test.failing", "Failing")(lambda running: {})
    job = jobs.enqueue("test.failing", by=scope_of(manager), label="Export of the manager")
    with as_owner():
        Job.objects.filter(pk=job.pk).update(
            status="failed", problem="The disk was full.", finished_at=timezone.now(), started_at=timezone.now()
        )
    yield job
    del jobs._kinds["test.failing"]


def page(user):
    answer = client_of(user).get(URL, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", ["it_operator", "system_administrator"])
def test_a_new_bank_has_a_page_that_says_what_is_not_there_yet(role):
    text = page(user_with_post(role, "bank"))
    for word in ("No worker runs", "后台进程"):
        if word in text:
            break
    else:
        pytest.fail("the page tells of the worker")
    assert "bankcrm backup" in text


def test_others_may_not_see_it(manager):
    assert client_of(manager).get(URL).status_code == 403
    with pytest.raises(PermissionDenied):
        queries.queues(scope_of(manager))


def test_failed_jobs_stand_there_with_number_and_reason(operator, failed):
    text = page(operator)
    assert "Export of the manager" in text
    assert "The disk was full." in text
    assert f"/core/jobs/{failed.pk}/retry/" in text


def test_whoever_only_looks_is_offered_nothing_to_press(failed):
    assert "/retry/" not in page(user_with_post("system_administrator", "bank"))


def test_a_failed_job_runs_anew_for_whoever_ordered_it(operator, failed, manager):
    assert client_of(operator).post(f"/core/jobs/{failed.pk}/retry/").status_code == 302
    failed.refresh_from_db()
    assert (failed.status, failed.problem, failed.by_id, failed.finished_at) == ("queued", "", manager.pk, None)
    event = AuditEvent.objects.get(action="job.retried")
    assert (event.user_id, event.object_id) == (operator.pk, str(failed.pk))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args->>'job_id' = %s", [str(failed.pk)])
        assert cursor.fetchone()[0] == 2


def test_a_job_that_did_not_fail_is_not_run_again(operator, failed):
    with as_owner():
        Job.objects.filter(pk=failed.pk).update(status="done")
    jobs.retry(job_id=failed.pk, by=scope_of(operator))
    failed.refresh_from_db()
    assert failed.status == "done"
    assert not AuditEvent.objects.filter(action="job.retried").exists()


def test_nobody_else_runs_jobs_anew(failed, manager):
    assert client_of(manager).post(f"/core/jobs/{failed.pk}/retry/").status_code == 403


def test_an_operator_cancels_anybodys_job_and_a_colleague_does_not(operator, manager):
    jobs.job("test.waiting", "Waiting")(lambda running: {})
    try:
        job = jobs.enqueue("test.waiting", by=scope_of(manager))
        with pytest.raises(Job.DoesNotExist):
            jobs.cancel(job_id=job.pk, by=scope_of(user_with_post("relationship_manager", "self")))
        assert client_of(operator).post(f"/core/jobs/{job.pk}/cancel/").status_code == 302
    finally:
        del jobs._kinds["test.waiting"]
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_queues_tell_what_waits_runs_stalls_and_failed(operator):
    with as_owner(), connection.cursor() as cursor:
        for status, at in (("todo", None), ("todo", "2030-01-01"), ("doing", None)):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at) "
                "VALUES ('loads', 't', '{}', %s, %s)",
                [status, at],
            )
    (queue,) = queries.queues(scope_of(operator))
    assert (queue.name, queue.waiting, queue.later, queue.running, queue.stalled) == ("loads", 1, 1, 1, 1)


def test_every_queue_that_the_program_has_is_named():
    names = {task.queue for task in app.tasks.values() if not task.name.startswith("test.")}
    assert {name for name in names if jobs.queue_label(name) == name} == set()


def test_slow_pages_are_summed_by_page_and_older_than_a_week_is_left_out(operator):
    for milliseconds, days in ((1000, 0), (3000, 1), (9000, 8)):
        SlowRequest.objects.create(
            at=timezone.now() - dt.timedelta(days=days), route="customers:list", method="GET", status=200,
            milliseconds=milliseconds, queries=4, query_milliseconds=500, request_id="x",
        )  # fmt: skip
    (line,) = queries.slow_pages(scope_of(operator))
    assert (line["route"], line["times"], line["mean"], line["worst"]) == ("customers:list", 2, 2000, 3000)
    assert "customers:list" in page(operator)


def test_the_growth_is_that_of_the_days_noted(operator, settings, tmp_path):
    settings.LAKE_ROOT, settings.FILES_ROOT = tmp_path / "lake", tmp_path / "none"
    (tmp_path / "lake" / "builds").mkdir(parents=True)
    (tmp_path / "lake" / "builds" / "a").write_bytes(b"x" * 1000)
    with as_owner():
        today = sizes.remember()
        sizes.remember()
        SizeOfDay.objects.create(day=today.day - dt.timedelta(days=9), database=1, lake=1, files=0, free=1)
    assert (today.lake, today.files) == (1000, 0)
    room = queries.room(scope_of(operator))
    assert len(room.days) == 2
    assert room.growth == room.database - 1


def test_statements_are_shown_without_their_values(operator, monkeypatch):
    found = queries._lines([("SELECT * FROM t WHERE name = '张伟' AND id = 110101199003074477", 3, 1.5, 4.5, 3)])
    assert found[0].text == "SELECT * FROM t WHERE name = ? AND id = ?"
    monkeypatch.setattr(queries, "slow_statements", lambda scope: queries.Statements(True, found))
    assert "张伟" not in page(operator)


def test_a_server_that_counts_no_statements_is_said_to(operator, monkeypatch):
    monkeypatch.setattr(queries, "slow_statements", lambda scope: queries.Statements(False))
    assert "pg_stat_statements" in page(operator)


def test_the_last_backup_is_told_with_what_it_lacks(operator):
    detail = {"bytes": 5_000_000, "seconds": 12, "with_keys": False, "problems": 2}
    audit.record("backup.made", by=Scope.system(because="test"), detail=detail)
    backup = queries.last_backup(scope_of(operator))
    assert (backup.bytes, backup.with_keys, backup.problems) == (5_000_000, False, 2)
    page(operator)


@pytest.mark.django_db(transaction=True)
def test_a_slow_request_is_kept_by_its_page_and_a_quick_one_is_not(client, monkeypatch):
    from bankcrm.core import observing

    monkeypatch.setattr(observing, "_kept_at", -1e9)
    monkeypatch.setattr(observing, "LEAST_SLOW_MS", 0)
    client.get("/account/login/?next=/customers/61000007437/")
    assert not SlowRequest.objects.exists(), "two seconds are the default"
    monkeypatch.setattr(observing.parameters, "value", lambda key: 0)
    client.get("/account/login/?next=/customers/61000007437/")
    client.get("/account/login/")
    kept = SlowRequest.objects.get()  # the second one in the same second is left out
    assert (kept.route, kept.method, kept.status) == ("org:login", "GET", 200)
