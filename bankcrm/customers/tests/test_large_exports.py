"""Files above the parameter's rows: a second person agrees, then the file is made with the asker's rights of now."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override

from bankcrm.core import approvals, dates, files, functions, jobs, parameters
from bankcrm.core.approvals import queries as waiting
from bankcrm.core.approvals.words import words_of
from bankcrm.core.exporting import approving
from bankcrm.core.models import Approval, AuditEvent, ExportRecord, Job, StoredFile
from bankcrm.core.parameters import ValuesOfDay
from bankcrm.core.testing import as_owner
from bankcrm.customers import list_export
from bankcrm.customers.tests.factories import TODAY, CoverageFactory, CustomerFactory
from bankcrm.org.models import Post
from bankcrm.org.queries import unit_path
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_today(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    with dates.clock_at(TODAY), override("en"):
        yield


@pytest.fixture
def values(monkeypatch):
    """Parameters of this test: above two rows a second person, of whom a unit's head may agree to five."""
    held = {("exports.approve_above", None): 2, ("exports.agree_up_to", None): 5}
    monkeypatch.setattr(parameters, "_values", [lambda day: ValuesOfDay(held, unit_path)])
    return held


@pytest.fixture
def units():
    return tree({"HQ": {"B1": {"S1": {}}, "B2": {}}})


@pytest.fixture
def people(units):
    return {
        "manager": user_with_post("relationship_manager", "unit", unit=units["S1"]),
        "head": user_with_post("branch_head", "subtree", unit=units["B1"]),
        "other_head": user_with_post("branch_head", "subtree", unit=units["B2"]),
        "risk": user_with_post("risk_officer", "bank", unit=units["HQ"]),
    }


def fill(units, count):
    return [CustomerFactory(owning_unit=units["S1"]) for _one in range(count)]


def order(user, **data):
    asked = {"query": "", "ids": "", "format": "xlsx", "purpose_code": "visit", "purpose": "季度客户回访", **data}
    return client_of(user).post("/customers/export/", asked)


def agree(user, approval=None):
    return approvals.agree(approval_id=(approval or Approval.objects.get()).pk, by=scope_of(user), text="同意")


def run_latest():
    with as_owner():
        return jobs.run(Job.objects.latest("pk").pk)


def test_a_small_file_is_made_at_once_and_a_large_one_waits(units, people, values):
    fill(units, 2)
    assert order(people["manager"]).status_code == 200
    assert Job.objects.count() == 1
    fill(units, 1)
    panel = client_of(people["manager"]).get("/customers/export/").content.decode()
    assert "Above 2 rows a second person has to agree first" in panel
    answer = order(people["manager"])
    approval = Approval.objects.get()
    assert f"/approvals/{approval.pk}/" in answer.content.decode()
    assert Job.objects.count() == 1
    assert (approval.amount, approval.unit_no, approval.reason) == (
        3,
        units["S1"].no,
        "Visits and customer care: 季度客户回访",
    )


def test_the_server_counts_the_rows_whatever_the_browser_says(units, people, values):
    fill(units, 3)
    order(people["manager"], rows="1", number="1")
    assert Approval.objects.get().amount == 3
    strangers = ",".join(str(CustomerFactory(owning_unit=units["B2"]).pk) for _one in range(4))
    assert order(people["manager"], ids=strangers).status_code == 422  # selected, but none of them is one's own
    assert not Job.objects.exists()


def test_what_was_agreed_to_is_made_in_the_askers_name_and_found_again_by_its_code(units, people, values):
    held = fill(units, 3)
    order(people["manager"], query="kind=person")
    agree(people["head"])
    job = Job.objects.get()
    assert job.by == people["manager"]
    assert run_latest() == "done", Job.objects.get().problem
    record, approval = ExportRecord.objects.get(), Approval.objects.get()
    assert (record.user, record.approval, record.rows) == (people["manager"], approval, 3)
    assert record.unit_id == units["S1"].pk
    assert record.filter_text == "类型 对私"
    stored = StoredFile.objects.get(pk=record.file_id)
    assert record.grouped_code in stored.name
    assert stored.owner == people["manager"]
    event = AuditEvent.objects.get(action="customers.exported")
    assert sorted(event.detail["customers"]) == sorted(one.pk for one in held)
    jobs_page = client_of(people["manager"]).get("/core/jobs/").content.decode()
    assert f"/core/jobs/{job.pk}/" in jobs_page


def test_nobody_agrees_to_their_own_beyond_their_units_or_above_their_post(units, people, values):
    fill(units, 6)
    order(people["manager"])
    approval = Approval.objects.get()
    assert approval not in waiting.to_decide(scope_of(people["other_head"]))
    assert waiting.limit_of(scope_of(people["head"]), approval) == 5
    with pytest.raises(PermissionDenied, match="more than your post may agree to"):
        agree(people["head"])
    assert waiting.limit_of(scope_of(people["risk"]), approval) is None
    agree(people["risk"])
    order(people["head"])
    own = Approval.objects.get(status="open")
    assert waiting.why_not(scope_of(people["head"]), own) is not None


def test_a_unit_may_have_a_limit_of_its_own(units, people, values):
    values["exports.approve_above", units["B1"].pk] = 10
    values["exports.agree_up_to", units["B1"].pk] = 50
    assert approving.threshold(scope_of(people["manager"])) == 10
    assert approving.threshold(scope_of(people["risk"])) == 2
    assert approving.limit(scope_of(people["head"]), None) == 50
    assert approving.limit(scope_of(people["other_head"]), None) == 5


def test_a_right_that_was_lost_meanwhile_cannot_be_agreed_to(units, people, values):
    fill(units, 3)
    order(people["manager"])
    with as_owner():
        Post.objects.filter(user=people["manager"]).update(valid=(dt.date(2020, 1, 1), TODAY))
    with pytest.raises(ValidationError, match="may not export this any more"):
        agree(people["head"])
    assert Approval.objects.get().is_open
    assert not Job.objects.exists()


def test_the_same_file_is_asked_for_once_and_one_sent_back_is_told_under_my_jobs(units, people, values):
    fill(units, 3)
    order(people["manager"])
    assert order(people["manager"]).status_code == 422
    assert "waits" in order(people["manager"]).content.decode()
    approvals.send_back(approval_id=Approval.objects.get().pk, by=scope_of(people["head"]), text="请缩小范围")
    assert "请缩小范围" in client_of(people["manager"]).get("/core/jobs/").content.decode()
    assert not Job.objects.exists()
    assert order(people["manager"]).status_code == 200


def test_a_list_that_has_grown_by_more_than_a_tenth_has_to_be_asked_for_again(units, people, values):
    fill(units, 3)
    order(people["manager"])
    agree(people["head"])
    fill(units, 2)
    assert run_latest() == "failed"
    assert "审批同意的是 3 行，现已有 5 行" in Job.objects.get().problem  # in the asker's language
    assert not ExportRecord.objects.exists()


def test_no_job_writes_more_than_may_be_had_alone_by_whatever_way_it_was_ordered(units, people, values):
    fill(units, 2)
    order(people["manager"])
    fill(units, 1)  # between the order and its run
    assert run_latest() == "failed"
    assert "超过 2 行须经他人审批" in Job.objects.get().problem
    someone_elses = Approval.objects.create(
        kind=approving.KIND, status="agreed", amount=100, asked_by=people["head"], asked_at=dates.now(),
        decided_by=people["risk"], decided_at=dates.now(), due_on=TODAY,
    )  # fmt: skip
    with pytest.raises(ValidationError):
        approving.agreed(scope_of(people["manager"]), someone_elses.pk, 3)


def test_the_words_say_what_how_much_and_what_for_and_hide_long_numbers(units, people, values):
    fill(units, 3)
    order(people["manager"], query="kind=person")
    lines = {str(one.label): str(one.after) for one in words_of(scope_of(people["head"]), Approval.objects.get()).lines}
    assert lines["Filter"] == "Kind Person"
    assert "Customer (sensitive)" in lines["Columns"]
    assert "AUM (sensitive)" in lines["Columns"]
    assert lines["Rows when asked"] == "3"
    assert lines["Purpose"] == "Visits and customer care: 季度客户回访"


def test_a_long_number_that_somebody_typed_into_the_filter_is_masked(units, people, values):
    arguments = {"query": "name=王13812345678", "list_code": "customers", "ids": [], "columns": []}
    assert list_export.words(scope_of(people["head"]), arguments).filter == "Name contains 王*******5678"


def test_conditions_beyond_the_readers_rights_are_counted_and_not_told(units, people, values):
    arguments = {"query": "aum_end_min=100&kind=person", "list_code": "mine", "ids": [], "columns": []}
    full = list_export.words(scope_of(people["head"]), arguments)
    assert (full.hidden, "100" in full.filter) == (0, True)
    agent = scope_of(user_with_post("call_centre", "bank", unit=units["HQ"]))
    told = list_export.words(agent, arguments)
    assert told.hidden == 1
    assert "100" not in told.filter
    assert "only customers whom the asker looks after" in told.filter


def test_a_request_reads_in_the_readers_language(units, people, values):
    fill(units, 3)
    order(people["manager"], query="kind=person")
    with override("zh-hans"):
        words = words_of(scope_of(people["head"]), Approval.objects.get())
    assert "对私" in "".join(str(one.after) for one in words.lines) or "个人" in "".join(
        str(one.after) for one in words.lines
    )
    page = client_of(people["head"]).get(f"/approvals/{Approval.objects.get().pk}/").content.decode()
    assert "3 rows" in page or "3 行" in page


# Files afterwards ---------------------------------------------------------------------------------------------------


@pytest.fixture
def made(units, people, values):
    CoverageFactory(customer=CustomerFactory(owning_unit=units["S1"]), user=people["manager"])
    order(people["manager"])
    assert run_latest() == "done", Job.objects.get().problem
    return ExportRecord.objects.get()


def test_a_file_is_its_owners_while_the_right_is_held(made, people):
    url = f"/core/files/{made.file_id}/"
    answer = client_of(people["manager"]).get(url)
    assert b"".join(answer.streaming_content)
    assert client_of(people["head"]).get(url).status_code == 404
    with as_owner():
        Post.objects.filter(user=people["manager"]).update(role="call_centre")
    assert client_of(people["manager"]).get(url).status_code == 404


def test_a_file_whose_time_is_over_says_so(made, people):
    url = f"/core/files/{made.file_id}/"
    with dates.clock_at(made.expires_at + dt.timedelta(minutes=1)):
        with as_owner():
            files.delete_expired()
        answer = client_of(people["manager"]).get(url)
        assert answer.status_code == 410
        assert "is deleted" in answer.content.decode()
        assert client_of(people["head"]).get(url).status_code == 404


def test_the_request_leads_whoever_asked_to_the_file_and_nobody_else(units, people, values):
    fill(units, 3)
    order(people["manager"])
    asked = Approval.objects.get()
    assert words_of(scope_of(people["manager"]), asked).url == ""
    agree(people["head"])
    asked.refresh_from_db()
    made = Job.objects.get()
    found = words_of(scope_of(people["manager"]), asked)
    assert (found.url, found.url_label) == (f"/core/jobs/{made.pk}/", "Open the file")
    assert client_of(people["manager"]).get(found.url).status_code == 200
    assert words_of(scope_of(people["head"]), asked).url == ""


def test_what_asks_for_something_new_shows_no_column_of_what_was_before(units, people, values):
    fill(units, 3)
    order(people["manager"])
    asked = Approval.objects.get()
    page = client_of(people["head"]).get(f"/approvals/{asked.pk}/").content.decode()
    assert "What is asked for" in page and "What would change" not in page
    assert "Extent" in page and "your post may agree to 5 rows" in page


def test_a_head_reads_on_every_page_that_requests_wait_and_the_landing_page_names_them(units, people, values):
    head = client_of(people["head"])
    assert "Requests that wait for your decision" not in head.get("/").content.decode()
    fill(units, 3)
    order(people["manager"])
    asked = Approval.objects.get()
    home = head.get("/")
    assert f'href="/approvals/{asked.pk}/"' in home.content.decode()
    assert "approvals" in [card.code for card, _context in home.context["cards"]]
    assert "Requests that wait for your decision" in head.get("/customers/").content.decode()
    for other in ("other_head", "manager"):
        assert "Requests that wait for your decision" not in client_of(people[other]).get("/").content.decode()


def test_a_file_counts_for_the_list_that_it_was_taken_from(units, people, values):
    for one in fill(units, 2):
        CoverageFactory(customer=one, user=people["manager"])
    counted = functions.functions_of_lists()
    for query, function in (("", "customers-all"), ("mine=1", "customers-mine")):
        order(people["manager"], query=query)
        assert run_latest() == "done", Job.objects.latest("pk").problem
        assert counted[ExportRecord.objects.latest("pk").list_code] == function
