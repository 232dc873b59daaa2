"""Files of the audit above the parameter's rows: who has to agree, and what that person reads of the filter."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from bankcrm.core import approvals, jobs, parameters
from bankcrm.core.approvals import queries as waiting
from bankcrm.core.approvals.words import words_of
from bankcrm.core.exporting import approving
from bankcrm.core.models import Approval, AuditEvent, ExportRecord, Job
from bankcrm.core.parameters import ValuesOfDay
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.org.models import Post
from bankcrm.org.queries import unit_path
from bankcrm.org.tests.factories import client_of, scope_of, user_with_post
from bankcrm.system import audit_export
from bankcrm.system.tests.audit_cast import auditor, units

__all__ = ["auditor", "units"]
pytestmark = pytest.mark.django_db
TAGS = {"action": "tag.create"}


@pytest.fixture(autouse=True)
def above_two_rows(settings, tmp_path, monkeypatch):
    settings.BANKCRM_HOME = tmp_path
    settings.FILES_ROOT = tmp_path / "files"
    held = {("exports.approve_above", None): 2, ("exports.agree_up_to", None): 100}
    monkeypatch.setattr(parameters, "_values", [lambda day: ValuesOfDay(held, unit_path)])


@pytest.fixture
def risk(units):
    return user_with_post("risk_officer", "bank", unit=units["ho"])


def happen(count, **more):
    at = timezone.now() - timedelta(minutes=5)
    return [AuditEvent.objects.create(occurred_at=at, action="tag.create", **more) for _one in range(count)]


def order(user, **given):
    asked = {"purpose": "yearly audit", "purpose_code": "regulator", "format": "csv", **given}
    return client_of(user, "en").post(reverse("audit:export"), asked)


def agree(user):
    return approvals.agree(approval_id=Approval.objects.get().pk, by=scope_of(user), text="同意")


def run():
    with as_owner():
        return jobs.run(Job.objects.get(kind="system.audit_export").pk)


def told(user):
    with override("en"):
        lines = words_of(scope_of(user), Approval.objects.get()).lines
        return {str(one.label): str(one.after) for one in lines}


def test_as_many_records_as_one_may_take_alone_are_a_job_at_once(auditor):
    happen(2)
    page = client_of(auditor, "en").get(f"{reverse('audit:export')}?{urlencode(TAGS)}").content.decode()
    assert "2 records." in page and "Make the file" in page and "a second person" not in page
    assert order(auditor, **TAGS).url == reverse("core:job", args=[Job.objects.get().pk])
    assert run() == "done", Job.objects.get().problem
    assert ExportRecord.objects.get().rows == 2
    assert not Approval.objects.exists()


def test_more_wait_for_a_second_person_which_the_page_says_before(auditor):
    happen(3)
    page = client_of(auditor, "en").get(f"{reverse('audit:export')}?{urlencode(TAGS)}").content.decode()
    assert "3 records." in page
    assert "Above 2 rows a second person has to agree first" in page and "Ask for agreement" in page
    answer = order(auditor, **TAGS)
    asked = Approval.objects.get()
    assert answer.url == reverse("approvals:approval", args=[asked.pk])
    assert (asked.amount, asked.reason) == (3, "Regulators and audit: yearly audit")
    assert not Job.objects.exists()
    event = AuditEvent.objects.get(action="audit.export")
    assert (event.object_type, event.detail["rows"]) == ("core.approval", 3)


def test_what_was_agreed_to_is_made_in_the_askers_name_with_who_agreed(auditor, risk):
    happen(3)
    order(auditor, **TAGS)
    agree(risk)
    job = Job.objects.get()
    assert job.by == auditor
    assert run() == "done", Job.objects.get().problem
    made = ExportRecord.objects.get()
    assert (made.user, made.approval, made.rows) == (auditor, Approval.objects.get(), 3)
    assert made.filter_text.startswith("起 20") and made.filter_text.endswith("操作 建立标签")  # as the asker reads


def test_the_file_ends_where_it_was_asked_for(auditor, risk):
    happen(3)
    order(auditor, **TAGS)
    AuditEvent.objects.create(occurred_at=timezone.now(), action="tag.create")
    assert order(auditor, **TAGS).status_code == 422  # the same file, though asked for at another moment
    agree(risk)
    assert run() == "done", Job.objects.get().problem
    assert ExportRecord.objects.get().rows == 3


def test_records_that_came_in_between_and_are_more_than_a_tenth_have_to_be_asked_for(auditor, risk):
    happen(3)
    order(auditor, **TAGS)
    agree(risk)
    happen(1)
    assert run() == "failed"
    assert "审批同意的是 3 行，现已有 4 行" in Job.objects.get().problem
    assert not ExportRecord.objects.exists()


def test_a_file_sent_back_is_not_made_and_may_be_asked_for_again(auditor, risk):
    happen(3)
    order(auditor, **TAGS)
    approvals.send_back(approval_id=Approval.objects.get().pk, by=scope_of(risk), text="请缩小范围")
    assert not Job.objects.exists()
    assert "请缩小范围" in client_of(auditor).get("/core/jobs/").content.decode()
    assert order(auditor, **TAGS).status_code == 302


def test_no_job_takes_more_than_may_be_had_alone_without_an_agreement(auditor):
    happen(2)
    order(auditor, **TAGS)
    happen(1)
    assert run() == "failed"
    assert "超过 2 行须经他人审批" in Job.objects.get().problem


def test_nobody_agrees_to_their_own_and_no_head_to_what_was_done_at_the_own_unit(units, risk):
    auditor = user_with_post("auditor", "subtree", unit=units["east"])
    head = user_with_post("branch_head", "subtree", unit=units["east"])
    happen(3, unit_id=units["east1"].pk)
    order(auditor, **TAGS)
    asked = Approval.objects.get()
    for other in (auditor, head):
        assert asked not in waiting.to_decide(scope_of(other))
        with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
            agree(other)
    with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
        approvals.send_back(approval_id=asked.pk, by=scope_of(head), text="不同意")
    assert asked in waiting.to_decide(scope_of(risk))
    agree(risk)


def test_a_right_that_was_lost_meanwhile_cannot_be_agreed_to(auditor, risk):
    happen(3)
    order(auditor, **TAGS)
    with as_owner():
        Post.objects.filter(user=auditor).update(role="call_centre")
    with pytest.raises(ValidationError):
        agree(risk)
    assert Approval.objects.get().is_open


def test_who_agrees_reads_how_much_and_until_when_and_not_whom_the_filter_looks_for(auditor, risk, units):
    suspect = user_with_post("branch_head", "subtree", unit=units["east"])
    customer = CustomerFactory(owning_unit=units["east1"])
    happen(3, user_id=suspect.pk, unit_id=units["east1"].pk, customer_id=customer.pk, address="10.1.2.3")
    order(auditor, person=suspect.username, unit="east", customer=customer.number, address="10.1.2.3", **TAGS)
    lines = told(risk)
    assert lines["Filter"].startswith("From 20") and "To 20" in lines["Filter"]
    assert lines["Filter"].endswith("5 more conditions that your post may not see")
    page = client_of(risk, "en").get(reverse("approvals:approval", args=[Approval.objects.get().pk])).content.decode()
    for secret in (suspect.username, customer.number, "10.1.2.3", "Made a tag", f">{units['east'].label}"):
        assert secret not in page
    assert (lines["List"], lines["Rows when asked"], lines["Format"]) == ("Audit", "3", "CSV")
    assert "Before and after (sensitive)" in lines["Columns"]
    own = told(auditor)["Filter"]
    for known in (f"Employee number {suspect.username}", f"Customer number {customer.number}", "Action Made a tag"):
        assert known in own


def test_of_a_customer_only_those_read_who_may_see_them(units, auditor):
    customer = CustomerFactory(owning_unit=units["east1"])
    arguments = {"query": {"customer": customer.number, "object_id": str(customer.pk), "unit": "west"}}
    security = user_with_post("security_administrator", "bank", unit=units["ho"])
    assert audit_export.words(scope_of(auditor), arguments).hidden == 0
    with override("en"):
        found = audit_export.words(scope_of(security), arguments)
    assert (found.hidden, found.filter) == (2, f"Unit and those below it {units['west'].label}")


@pytest.mark.parametrize("role", ["auditor", "security_administrator"])
def test_somebody_agrees_to_the_files_of_each_role_that_reads_the_audit(role, units, risk):
    happen(3)
    order(user_with_post(role, "bank", unit=units["ho"]), **TAGS)
    assert Approval.objects.get().kind == approving.KIND_OF_BANK
    assert waiting.why_not(scope_of(risk), Approval.objects.get()) is None
