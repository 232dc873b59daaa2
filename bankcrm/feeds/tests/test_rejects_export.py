"""Files of rejected rows: at once up to the parameter's rows, above them a second person and a job."""

import csv
import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import override

from bankcrm.core import approvals, files, jobs, parameters
from bankcrm.core.approvals import queries as waiting
from bankcrm.core.approvals.words import words_of
from bankcrm.core.models import Approval, AuditEvent, ExportRecord, Job, StoredFile
from bankcrm.core.parameters import ValuesOfDay
from bankcrm.core.testing import as_owner
from bankcrm.feeds.models import Load, Reject
from bankcrm.org.models import Post
from bankcrm.org.queries import unit_path
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def above_two_rows(settings, tmp_path, monkeypatch):
    settings.FILES_ROOT = tmp_path
    held = {("exports.approve_above", None): 2, ("exports.agree_up_to", None): 100}
    monkeypatch.setattr(parameters, "_values", [lambda day: ValuesOfDay(held, unit_path)])


@pytest.fixture
def units():
    return tree({"ho": {"east": {}}})


@pytest.fixture
def operator(units):
    return user_with_post("it_operator", "bank", unit=units["ho"])


@pytest.fixture
def risk(units):
    return user_with_post("risk_officer", "bank", unit=units["ho"])


@pytest.fixture
def load():
    with as_owner():
        made = Load.objects.create(business_date=DAY, folder="/inbox/1", state="published")
    reject(made, 3)
    reject(made, 1, reason="unknown_holding", severity="warning")
    return made


def reject(load, count, **more):
    given = {"reason": "bad_money", "severity": "row", **more}
    with as_owner():
        for line in range(count):
            Reject.objects.create(
                load=load, feed="balance", file="b.csv", line=line, column="balance", value="王建国 6222020200112233",
                **given,
            )  # fmt: skip


def address(load, reason="bad_money"):
    return f"{reverse('feeds:rejects-download', args=[load.pk])}?reason={reason}"


def order(user, load, reason="bad_money", **given):
    asked = {"format": "csv", "purpose_code": "correction", "purpose": "让核心系统更正", **given}
    return client_of(user, "en").post(address(load, reason), asked)


def agree(user):
    return approvals.agree(approval_id=Approval.objects.get().pk, by=scope_of(user), text="同意")


def run():
    with as_owner():
        return jobs.run(Job.objects.get().pk)


def lines_of(record):
    stored = StoredFile.objects.get(pk=record.file_id)
    return list(csv.reader(io.StringIO(files.path_of(stored).read_text("utf-8-sig"))))


def test_as_many_rows_as_one_may_take_alone_are_a_file_at_once(operator, load):
    page = client_of(operator, "en").get(address(load, "unknown_holding")).content.decode()
    assert "Make the file" in page and "a second person" not in page
    assert order(operator, load, "unknown_holding").status_code == 200
    assert ExportRecord.objects.get().rows == 1
    assert not Approval.objects.exists() and not Job.objects.exists()


def test_more_wait_for_a_second_person_which_the_form_says_before(operator, load):
    page = client_of(operator, "en").get(address(load)).content.decode()
    assert "Above 2 rows a second person has to agree first" in page and "Ask for agreement" in page
    answer = order(operator, load)
    asked = Approval.objects.get()
    assert reverse("approvals:approval", args=[asked.pk]) in answer.content.decode()
    assert (asked.amount, asked.reason) == (3, "Checking and correcting data: 让核心系统更正")
    assert not ExportRecord.objects.exists() and not Job.objects.exists()
    event = AuditEvent.objects.get(action="rejects.order")
    assert (event.object_id, event.detail["rows"]) == (str(load.pk), 3)
    again = order(operator, load)
    assert again.status_code == 422 and "waits" in again.content.decode()


def test_what_was_agreed_to_is_the_same_file_by_a_job_in_the_askers_name(operator, risk, load):
    order(operator, load)
    agree(risk)
    assert Job.objects.get().by == operator
    assert run() == "done", Job.objects.get().problem
    made = ExportRecord.objects.get()
    assert (made.user, made.approval, made.rows) == (operator, Approval.objects.get(), 3)
    *cover, head, one, _two, _three = lines_of(made)
    assert made.grouped_code in cover[3][0]
    assert (len(head), one[2], one[7]) == (8, "0", "bad_money")
    assert made.filter_text.startswith(f"2026-11-22 第 {load.pk} 批")
    assert b"".join(client_of(operator).get(reverse("core:file", args=[made.file_id])).streaming_content)
    assert client_of(risk).get(reverse("core:file", args=[made.file_id])).status_code == 404
    assert AuditEvent.objects.filter(action="rejects.download").count() == 1


def test_a_file_sent_back_is_not_made(operator, risk, load):
    order(operator, load)
    approvals.send_back(approval_id=Approval.objects.get().pk, by=scope_of(risk), text="请缩小范围")
    assert not Job.objects.exists()
    assert "请缩小范围" in client_of(operator).get("/core/jobs/").content.decode()
    assert order(operator, load).status_code == 200


def test_rows_that_have_grown_by_more_than_a_tenth_have_to_be_asked_for_again(operator, risk, load):
    order(operator, load)
    agree(risk)
    reject(load, 1)
    assert run() == "failed"
    assert "审批同意的是 3 行，现已有 4 行" in Job.objects.get().problem
    assert not ExportRecord.objects.exists()


def test_a_load_that_went_meanwhile_leaves_no_file_and_the_request_still_reads(operator, risk, load):
    order(operator, load)
    agree(risk)
    with as_owner():
        Load.objects.all().delete()
    assert run() == "failed"
    assert Job.objects.get().problem == "该批次已不存在。"
    assert words_of(scope_of(risk), Approval.objects.get()).lines


def test_a_right_that_was_lost_meanwhile_cannot_be_agreed_to(operator, risk, load):
    order(operator, load)
    with as_owner():
        Post.objects.filter(user=operator).update(role="call_centre")
    with pytest.raises(ValidationError):
        agree(risk)


def test_nobody_agrees_to_their_own_and_no_head_to_rows_of_the_whole_bank(units, risk, load):
    steward = user_with_post("data_steward", "subtree", unit=units["east"])
    head = user_with_post("branch_head", "subtree", unit=units["east"])
    order(steward, load)
    asked = Approval.objects.get()
    for other in (steward, head):
        assert asked not in waiting.to_decide(scope_of(other))
        with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
            agree(other)
    agree(risk)


@pytest.mark.parametrize("role", ["it_operator", "data_steward", "auditor"])
def test_somebody_agrees_to_the_files_of_each_role_that_sees_rejected_rows(role, units, risk, load):
    order(user_with_post(role, "bank", unit=units["ho"]), load)
    assert waiting.why_not(scope_of(risk), Approval.objects.get()) is None


def test_who_agrees_reads_which_rows_and_none_of_their_values(operator, risk, load):
    order(operator, load)
    asked = Approval.objects.get()
    with override("en"):
        told = {str(one.label): str(one.after) for one in words_of(scope_of(risk), asked).lines}
    assert told["Filter"].startswith(f"Load {load.pk} of 2026-11-22 · ")
    assert "bad_money" not in told["Filter"]  # in words
    assert (told["List"], told["Rows when asked"]) == ("Rejected rows", "3")
    assert "Value (sensitive)" in told["Columns"]
    page = client_of(risk, "zh-hans").get(reverse("approvals:approval", args=[asked.pk])).content.decode()
    assert "王建国" not in page and "6222020200112233" not in page
    assert "拒收记录" in page
