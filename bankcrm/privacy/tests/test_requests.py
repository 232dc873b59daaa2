"""Requests of data subjects: recorded, taken, answered or refused; restricting and lifting; the file of everything."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core import jobs
from bankcrm.core.models import AuditEvent, ExportRecord, Job, StoredFile
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import ContactPlan, Customer, ProcessingRestriction, Task
from bankcrm.customers.queries.permitted import restricted_ids
from bankcrm.customers.tests.factories import (
    TODAY,
    ContactPointFactory,
    CustomerFactory,
    DocumentFactory,
    InteractionFactory,
)
from bankcrm.customers.tests.service_factories import RestrictionFactory
from bankcrm.feeds.models import CalendarDay
from bankcrm.org.tests.factories import scope_of, user_with_post
from bankcrm.privacy import actions, queries, rules
from bankcrm.privacy.models import SubjectRequest
from bankcrm.privacy.tests.factories import SubjectRequestFactory


def record(cast, kind="see", who="steward", customer=None, **changed):
    given = {"kind": kind, "came_by": "counter", "proof": "document", "received_on": TODAY, **changed}
    number = (customer or cast.customer).number
    return actions.record_request(by=getattr(cast, who), scope=cast.scope(who), number=number, **given)


def by(cast, request, who="steward", **more):
    return {"by": getattr(cast, who), "scope": cast.scope(who), "request_id": request.pk, **more}


def taken(cast, kind="see", **changed):
    request = record(cast, kind, **changed)
    return actions.assign(**by(cast, request, steward_id=cast.steward.pk))


STATES = [rules.RECEIVED, rules.IN_WORK, rules.ANSWERED, rules.REFUSED]


@given(st.lists(st.sampled_from(STATES), max_size=6))
def test_what_is_closed_stays_closed_and_nothing_is_answered_that_nobody_took(steps):
    here, before = rules.RECEIVED, []
    for step in steps:
        if rules.may_follow(here, step):
            before.append(here)
            here = step
    assert not {rules.ANSWERED, rules.REFUSED} & set(before)
    assert here != rules.ANSWERED or rules.IN_WORK in before


@given(st.dates(dt.date(2024, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 30), st.booleans())
def test_the_last_day_lies_after_the_request_and_never_before_as_many_days(received, days, is_working):
    found = rules.due_on(received, days, in_working_days=is_working, is_business_day={}.get)
    assert (found - received).days >= days
    assert not is_working or found.weekday() < 5


@pytest.mark.django_db
def test_the_last_day_follows_the_banks_calendar(cast):
    assert record(cast).due_on == dt.date(2026, 12, 14)  # fifteen working days after Monday, 23 November
    with as_owner():
        CalendarDay.objects.create(day=dt.date(2026, 12, 1), is_business_day=False, holiday="放假")
    assert record(cast, "copy").due_on == dt.date(2026, 12, 15)


@pytest.mark.django_db
def test_a_request_is_on_record_in_audit_and_history(cast, fake_lake):
    made = record(cast, wish="我想知道银行有哪些我的信息")
    event = AuditEvent.objects.get(action="customer.request_received")
    assert event.customer_id == cast.customer.pk and event.detail["request"] == made.number
    assert "银行有哪些" not in json.dumps([event.after, event.detail], ensure_ascii=False)
    client = cast.client("steward")
    client.get(reverse("privacy:request", args=[made.pk]))
    pages = {tab: client.get(reverse(f"customers:{tab}", args=[cast.customer.number])).content.decode()
             for tab in ("history", "timeline", "overview")}  # fmt: skip
    assert all(made.number in page for page in pages.values())
    assert "privacy." not in pages["history"]  # words, no codes
    assert (
        made.number
        not in cast.client("lin").get(reverse("customers:overview", args=[cast.customer.number])).content.decode()
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "forget"),
        ("came_by", "pigeon"),
        ("proof", ""),
        ("received_on", TODAY + dt.timedelta(days=1)),
        ("received_on", TODAY - dt.timedelta(days=91)),
    ],
)
def test_what_no_request_can_be_is_refused_by_field(cast, field, value):
    with pytest.raises(ValidationError) as refused:
        record(cast, **{field: value})
    assert set(refused.value.message_dict) == {field} and not SubjectRequest.objects.everything(because="test").exists()


@pytest.mark.django_db
def test_one_request_of_a_kind_is_open_at_a_time_and_lifting_needs_a_restriction(cast):
    record(cast)
    for kind in ("see", "lift"):
        with pytest.raises(ValidationError):
            record(cast, kind)


@pytest.mark.django_db
def test_who_may_record_and_work(cast):
    for who in ("lin", "wu"):
        with pytest.raises(PermissionDenied):
            record(cast, who=who)
    near = user_with_post("data_steward", "subtree", unit=cast.b)
    with pytest.raises(Customer.DoesNotExist):
        actions.record_request(
            by=near,
            scope=scope_of(near),
            number=cast.customer.number,
            kind="see",
            came_by="counter",
            proof="document",
            received_on=TODAY,
        )
    made = record(cast)
    with pytest.raises(SubjectRequest.DoesNotExist):
        queries.request_of(scope_of(near), made.pk)
    with pytest.raises(ValidationError):
        actions.assign(**by(cast, made, steward_id=cast.lin.pk))


@pytest.mark.django_db
def test_the_steward_is_reminded_until_the_request_is_closed(cast):
    made = taken(cast, "correct")
    task = Task.objects.get(pk=made.task_id)
    assert (task.assignee, task.due_at.date(), task.status) == (cast.steward, made.due_on, "open")
    assert task.customer_id is None  # on the steward's desk, not on the customer page that others read
    closed = actions.answer(**by(cast, made, text="地址已更正"))
    task.refresh_from_db()
    assert (closed.status, task.status) == ("answered", "done")
    with pytest.raises(ValidationError):
        actions.refuse(**by(cast, made, refusal="repeated", text="重复"))


@pytest.mark.django_db
def test_nothing_is_answered_before_somebody_took_it_nor_without_words(cast):
    made = record(cast, "correct")
    with pytest.raises(ValidationError):
        actions.answer(**by(cast, made, text="已更正"))
    actions.assign(**by(cast, made, steward_id=cast.steward.pk))
    with pytest.raises(ValidationError):
        actions.answer(**by(cast, made, text=" "))
    with pytest.raises(ValidationError):
        actions.refuse(**by(cast, made, refusal="no", text="不行"))
    assert actions.refuse(**by(cast, made, refusal="unfounded", text="信息无误")).refusal == "unfounded"


@pytest.mark.django_db
def test_restricting_ends_the_contact_plan_and_tells_no_reason_in_the_audit(cast):
    made = taken(cast, "restrict")
    ContactPlan.objects.create(customer=cast.customer, kind="visit", every_days=30, begins_on=TODAY, by=cast.lin)
    given = {"reason": "disputed", "note": "收入有误", "until_on": None, "text": "已限制处理"}
    actions.answer_by_restricting(**by(cast, made, **given))
    assert restricted_ids([cast.customer.pk])
    assert not ContactPlan.objects.everything(because="test").filter(ended_at=None).exists()
    event = AuditEvent.objects.get(action="customer.restrict")
    assert "disputed" not in str((event.after, event.detail)) and "收入" not in str((event.after, event.detail))


@pytest.mark.django_db
def test_a_restriction_that_cannot_be_leaves_the_request_open(cast):
    made = taken(cast, "restrict")
    for bad in (
        {"reason": "retention", "until_on": None},
        {"reason": "asked", "until_on": TODAY - dt.timedelta(days=1)},
    ):
        with pytest.raises(ValidationError):
            actions.answer_by_restricting(**by(cast, made, note="", text="已限制", **bad))
    made.refresh_from_db()
    assert made.is_open and not restricted_ids([cast.customer.pk])


@pytest.mark.django_db
def test_lifting_one_restriction_leaves_the_others_in_force(cast):
    first, second = (
        RestrictionFactory(customer=cast.customer),
        RestrictionFactory(customer=cast.customer, reason="claim"),
    )
    made = taken(cast, "lift")
    actions.answer_by_lifting(**by(cast, made, restriction_id=first.pk, text="客户撤回限制"))
    assert restricted_ids([cast.customer.pk])
    again = taken(cast, "lift")
    with pytest.raises(ValidationError):
        actions.answer_by_lifting(**by(cast, again, restriction_id=first.pk, text="客户撤回限制"))
    actions.answer_by_lifting(**by(cast, again, restriction_id=second.pk, text="客户撤回限制"))
    assert not restricted_ids([cast.customer.pk])


@pytest.mark.django_db
def test_what_waits_to_be_deleted_stays_restricted(cast):
    kept = RestrictionFactory(customer=cast.customer, reason="retention")
    made = taken(cast, "lift")
    with pytest.raises(ValidationError):
        actions.answer_by_lifting(**by(cast, made, restriction_id=kept.pk, text="客户撤回限制"))
    assert ProcessingRestriction.objects.everything(because="test").get().lifted_at is None


def made_file(cast, kind, tmp_path, settings):
    settings.FILES_ROOT = tmp_path
    request = taken(cast, kind)
    actions.order_file(**by(cast, request))
    with as_owner():
        job = Job.objects.latest("pk")
        assert jobs.run(job.pk) == "done", Job.objects.get(pk=job.pk).problem
    request.refresh_from_db()
    return request, zipfile.ZipFile(io.BytesIO((tmp_path / StoredFile.objects.get().path).read_bytes()))


@pytest.mark.django_db
def test_a_copy_holds_all_that_is_kept_of_the_person_and_nothing_of_others(cast, fake_lake, tmp_path, settings):
    other = CustomerFactory(owning_unit=cast.a, name="隔壁老王")
    for customer, mobile in ((cast.customer, "13812345678"), (other, "13999999999")):
        ContactPointFactory(customer=customer, contact_type="mobile", value=mobile)
        DocumentFactory(customer=customer)
        InteractionFactory(customer=customer, subject=f"谈话 {mobile}")
    request, archive = made_file(cast, "copy", tmp_path, settings)
    page, data = archive.read("index.html").decode(), json.loads(archive.read("data.json"))
    for text in ("13812345678", "张建国", "谈话 13812345678"):
        assert text in page and text in json.dumps(data, ensure_ascii=False), text
    assert "隔壁老王" not in page and "13999999999" not in page
    assert "13812345678" in archive.read("contact_points.csv").decode("utf-8-sig")
    assert data["request"] == request.number and len(data["parts"]) > 35
    record = ExportRecord.objects.get(code=request.file_code)
    assert record.customer_id == cast.customer.pk and record.grouped_code in page
    assert actions.answer(**by(cast, request, text="副本已交付")).status == "answered"


@pytest.mark.django_db(transaction=True)  # as the worker does it: no transaction around the job
def test_who_asks_to_see_gets_a_page_and_no_machine_readable_copy(cast, fake_lake, tmp_path, settings):
    _request, archive = made_file(cast, "see", tmp_path, settings)
    assert archive.namelist() == ["file.css", "index.html"]


@pytest.mark.django_db
def test_no_answer_without_the_file_and_no_file_that_lacks_a_part(cast, fake_lake, monkeypatch, tmp_path, settings):
    from bankcrm.core.extensions import SourceSilentError
    from bankcrm.privacy import file

    settings.FILES_ROOT = tmp_path
    request = taken(cast, "copy")
    with pytest.raises(ValidationError):
        actions.answer(**by(cast, request, text="见附件"))

    def silent(scope, customer):
        raise SourceSilentError

    monkeypatch.setattr(file, "collect", silent)
    actions.order_file(**by(cast, request))
    with as_owner():
        assert jobs.run(Job.objects.latest("pk").pk) == "failed"
    assert not StoredFile.objects.exists()
    with pytest.raises(ValidationError):
        actions.order_file(**by(cast, taken(cast, "correct")))


@pytest.mark.django_db
def test_the_list_marks_what_is_overdue_and_due_soon(cast, fake_lake):
    day = dt.timedelta(days=1)
    ids = {}
    for name, due in (("late", TODAY - day), ("soon", TODAY + 2 * day), ("far", TODAY + 9 * day)):
        ids[name] = SubjectRequestFactory(
            customer=CustomerFactory(owning_unit=cast.a), received_on=TODAY - 20 * day, due_on=due
        )
    client = cast.client("steward")
    for state, expected in (
        ("overdue", {"late"}),
        ("soon", {"soon"}),
        ("open", {"late", "soon", "far"}),
        ("closed", set()),
    ):
        page = client.get(reverse("privacy:requests"), {"state": state}).content.decode()
        assert {name for name, one in ids.items() if one.number in page} == expected, state
    home = client.get("/").content.decode()
    assert ids["late"].number in home and "1 day overdue" in home and ids["far"].number not in home


@pytest.mark.django_db
def test_the_whole_way_on_the_pages(cast, fake_lake):
    client = cast.client("steward")
    data = {
        "number": cast.customer.number_grouped,
        "kind": "restrict",
        "came_by": "phone",
        "proof": "call_back",
        "received_on": "2026-11-20",
        "wish": "",
    }
    assert client.post(reverse("privacy:new-request"), {**data, "number": "61000000000"}).status_code == 422
    answer = client.post(reverse("privacy:new-request"), data)
    assert answer.status_code == 302
    made = SubjectRequest.objects.everything(because="test").get()
    assert client.post(reverse("privacy:assign", args=[made.pk]), {"steward": cast.steward.pk}).status_code == 302
    form = {"reason": "asked", "until_on": "", "note": "", "text": ""}
    bad = client.post(reverse("privacy:restrict", args=[made.pk]), form)
    assert bad.status_code == 422 and "This field is required" in bad.content.decode()
    assert client.post(reverse("privacy:restrict", args=[made.pk]), {**form, "text": "已限制"}).status_code == 302
    page = client.get(reverse("privacy:request", args=[made.pk])).content.decode()
    assert "Answered" in page and "已限制" in page and "Processing restricted" in page
    reader = cast.client("wu").get(reverse("privacy:request", args=[made.pk]))
    assert reader.status_code == 200 and '<form method="post" action="/privacy' not in reader.content.decode()
