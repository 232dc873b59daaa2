import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from bankcrm.core import files, jobs
from bankcrm.core.models import AuditEvent, Job, StoredFile
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.org.tests.factories import scope_of, user_with_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    """Declares a kind of job for the test; its work may be put in later."""

    def declare(work, code="test.work", **options):
        jobs.job(code, "Test", **options)(work)
        return code

    before = dict(jobs._kinds)
    yield declare
    jobs._kinds.clear()
    jobs._kinds.update(before)


@pytest.fixture
def store(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def run(job):
    with as_owner():
        jobs.run(job.pk)
    job.refresh_from_db()
    return job


def test_a_job_runs_with_the_scope_and_language_of_whoever_ordered_it(kind):
    seen = {}
    scope = scope_of(user_with_post("branch_head", "subtree"))

    def work(running, number):
        seen.update(scope=running.scope, language=get_language(), number=number)
        running.progress(0.5, "half")
        running.say("line")
        return {"rows": 3}

    job = run(jobs.enqueue(kind(work), by=scope, arguments={"number": 7}))
    assert seen == {"scope": scope, "language": "zh-hans", "number": 7}
    assert (job.status, job.progress, job.result) == ("done", 1, {"rows": 3})
    assert job.log[0].endswith("line")
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["job.ordered"]


def test_the_queue_holds_the_job_s_number_only(kind):
    job = jobs.enqueue(kind(lambda running, secret: None), by=Scope.system(because="test"), arguments={"secret": "x"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs")
        ((name, args),) = cursor.fetchall()
    assert (name, args) in [("core.run_job", f'{{"job_id": {job.pk}}}'), ("core.run_job", {"job_id": job.pk})]


def test_ordering_needs_the_permission_and_leaves_nothing_without(kind):
    code = kind(lambda running: None, permission="customers.export")
    with pytest.raises(PermissionDenied):
        jobs.enqueue(code, by=scope_of(user_with_post("call_centre", "bank")))
    assert not Job.objects.exists()


def test_a_right_that_was_taken_away_stops_the_job(kind):
    user = user_with_post("relationship_manager")
    done = []
    job = jobs.enqueue(kind(lambda running: done.append(1), permission="customers.export"), by=scope_of(user))
    with as_owner():
        user.posts.all().delete()
    assert run(job).status == "failed"
    assert done == []


@pytest.mark.django_db(transaction=True)
def test_an_error_is_told_without_its_insides(kind, caplog):
    def work(running):
        raise RuntimeError("password=hunter2")

    job = run(jobs.enqueue(kind(work), by=Scope.system(because="test")))
    assert job.status == "failed"
    assert str(job.pk) in job.problem
    assert "hunter2" not in job.problem
    assert "hunter2" in caplog.text


def test_a_problem_is_told_as_it_is(kind):
    def work(running):
        raise jobs.JobProblem("磁盘已满")

    assert run(jobs.enqueue(kind(work), by=Scope.system(because="test"))).problem == "磁盘已满"


def test_a_waiting_job_ends_at_once_and_never_runs(kind):
    done = []
    scope = scope_of(user_with_post())
    job = jobs.enqueue(kind(lambda running: done.append(1)), by=scope)
    assert jobs.cancel(job_id=job.pk, by=scope).status == "cancelled"
    assert run(job).status == "cancelled"
    assert done == []


def test_a_running_job_ends_at_its_next_step(kind):
    scope = scope_of(user_with_post())
    steps = []

    def work(running):
        for step in range(5):
            steps.append(step)
            if step == 1:
                jobs.cancel(job_id=running.job.pk, by=scope)
            running.progress(step / 5, f"step {step}")

    assert run(jobs.enqueue(kind(work), by=scope)).status == "cancelled"
    assert steps == [0, 1]


def test_nobody_ends_somebody_else_s_job(kind):
    job = jobs.enqueue(kind(lambda running: None), by=scope_of(user_with_post()))
    with pytest.raises(Job.DoesNotExist):
        jobs.cancel(job_id=job.pk, by=scope_of(user_with_post()))


def test_a_job_whose_worker_was_killed_starts_anew(kind):
    job = jobs.enqueue(kind(lambda running: {"ok": True}), by=Scope.system(because="test"))
    Job.objects.filter(pk=job.pk).update(status="running", progress="0.7")
    assert run(job).status == "done"


def test_two_kinds_under_one_code_are_refused(kind):
    kind(lambda running: None)
    with pytest.raises(ValueError, match="twice"):
        kind(lambda running: None)


def kept(store, scope, **more):
    source = store.parent / "out.csv"
    source.write_text("a,b\n")
    options = {"name": "客户.csv", "content_type": "text/csv", "permission": "customers.export", "by": scope, **more}
    return files.keep(source, **options)


def test_a_file_is_fetched_by_its_owner_only(store, client):
    owner, other = user_with_post(), user_with_post()
    stored = kept(store, scope_of(owner), purpose="拜访")
    client.force_login(other)
    assert client.get(f"/core/files/{stored.pk}/").status_code == 404
    client.force_login(owner)
    response = client.get(f"/core/files/{stored.pk}/")
    assert b"".join(response.streaming_content) == b"a,b\n"
    assert "attachment" in response.headers["Content-Disposition"]
    actions = list(AuditEvent.objects.order_by("id").values_list("action", "reason"))
    assert actions == [("file.kept", "拜访"), ("file.fetched", "拜访")]


def test_a_file_says_nothing_by_its_name_on_the_disk_and_is_closed_to_others(store):
    stored = kept(store, scope_of(user_with_post()))
    path = files.path_of(stored)
    assert "客户" not in str(path.relative_to(store))
    assert path.stat().st_mode & 0o077 == 0


def test_an_expired_file_is_gone(store):
    scope = scope_of(user_with_post())
    stored = kept(store, scope)
    with as_owner():
        StoredFile.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(StoredFile.DoesNotExist):
        files.fetch(file_id=stored.pk, by=scope)
    path = files.path_of(stored)
    with as_owner():
        assert files.delete_expired() == 1
    assert not path.exists()


def test_a_lost_right_closes_the_file(store):
    user = user_with_post()
    stored = kept(store, scope_of(user), permission="audit.view")
    with pytest.raises(StoredFile.DoesNotExist):
        files.fetch(file_id=stored.pk, by=scope_of(user))


def test_the_job_s_page_polls_while_it_runs_and_stops_at_the_end(kind, client):
    user = user_with_post()
    job = jobs.enqueue(kind(lambda running: None), by=scope_of(user))
    client.force_login(user)
    assert b"hx-trigger" in client.get(f"/core/jobs/{job.pk}/").content
    run(job)
    piece = client.get(f"/core/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert b"hx-trigger" not in piece.content
    assert b"<html" not in piece.content


def test_a_job_ordered_in_one_language_is_named_in_that_of_the_page(kind, client):
    user = user_with_post()
    jobs.job("test.named", _("Alerts of the day"))(lambda running: None)
    with override("zh-hans"):
        job = jobs.enqueue("test.named", by=scope_of(user))
    client.force_login(user)
    for language, name in (("en", "Alerts of the day"), ("zh-hans", "当日提醒")):
        client.cookies["bankcrm_language"] = language
        for url in ("/core/jobs/", f"/core/jobs/{job.pk}/"):
            assert name in client.get(url).content.decode(), (language, url)


def test_jobs_of_others_are_seen_only_by_those_who_look_after_the_machinery(kind, client):
    job = jobs.enqueue(kind(lambda running: None), by=scope_of(user_with_post()))
    client.force_login(user_with_post("branch_head", "bank"))
    assert client.get(f"/core/jobs/{job.pk}/").status_code == 404
    assert client.post(f"/core/jobs/{job.pk}/cancel/").status_code == 404
    client.force_login(user_with_post("auditor", "bank"))
    assert client.get(f"/core/jobs/{job.pk}/").status_code == 200
    assert client.post(f"/core/jobs/{job.pk}/cancel/").status_code == 404
