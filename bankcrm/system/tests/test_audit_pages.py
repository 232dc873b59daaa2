"""The pages of the audit: who sees which events, what they say, and that reading them is on record."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bankcrm.core import audit, files, heads, jobs, sealing, verifying
from bankcrm.core.models import AuditEvent, ExportRecord, Job, StoredFile
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.overrides import override_field
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.org.tests.factories import client_of, scope_of, user_with_post
from bankcrm.system import audit_jobs, audit_queries
from bankcrm.system.audit_queries import Wanted, microseconds
from bankcrm.system.tests.audit_cast import auditor, units

__all__ = ["auditor", "units"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.BANKCRM_HOME = tmp_path
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def security(units):
    return user_with_post("security_administrator", "bank", unit=units["ho"])


@pytest.fixture
def customer(units):
    return CustomerFactory(name="王建国", owning_unit=units["east1"])


@pytest.fixture
def corrected(units, customer):
    """A steward has corrected the customer's place of work."""
    steward = user_with_post("data_steward", "bank", unit=units["ho"])
    override_field(
        by=steward, scope=scope_of(steward), number=customer.number, field_name="employer_name", value="新华书店",
        reason="王建国 says so",
    )  # fmt: skip
    return AuditEvent.objects.get(action="customer.override")


def wanted(**given):
    now = timezone.now()
    return Wanted(**{"since": now - timedelta(days=1), "until": now + timedelta(minutes=1), **given})


def get(user, name="audit:events", *args, language="en", **query):
    return client_of(user, language).get(f"{reverse(name, args=args)}?{urlencode(query)}")


def place(event):
    return microseconds(event.occurred_at), event.id


def text(answer):
    return answer.content.decode()


def found(user, **given):
    return set(audit_queries.events(scope_of(user), wanted(**given)).values_list("action", flat=True))


# The list ------------------------------------------------------------------------------------------------------------


def test_the_list_says_who_did_what_in_words_of_either_language(auditor, corrected, customer):
    english, chinese = text(get(auditor)), text(get(auditor, language="zh-hans"))
    assert "Corrected a field" in english
    assert customer.number in english
    assert "更正资料" in chinese
    assert "customer.override" not in english.split("<tbody>")[1]


def test_events_are_found_by_person_customer_action_object_unit_and_address(auditor, units):
    one, other = (user_with_post("branch_head", "subtree", unit=units[name]) for name in ("east1", "west"))
    customer = CustomerFactory(owning_unit=units["east1"])
    audit.record("tag.create", by=scope_of(one), obj=units["east1"])
    audit.record("tag.close", by=scope_of(other), customer_id=customer.pk)
    AuditEvent.objects.create(occurred_at=timezone.now(), action="login.failed", username="E404", address="10.9.8.7")
    assert found(auditor, person=one.username) == {"tag.create"}
    assert found(auditor, person="E404") == {"login.failed"}
    assert found(auditor, customer=customer.number) == {"tag.close"}
    assert found(auditor, action="tag.create") == {"tag.create"}
    assert found(auditor, object_type="org.orgunit", object_id=str(units["east1"].pk)) == {"tag.create"}
    assert found(auditor, unit="east") == {"tag.create"}
    assert found(auditor, unit="ho") == {"tag.create", "tag.close"}
    assert found(auditor, address="10.9.8.7") == {"login.failed"}


def test_a_search_or_file_that_showed_a_customer_is_found_by_it(auditor, customer):
    audit.record("search", by=scope_of(auditor), detail={"customers": [customer.pk, 5]})
    audit.record("customers.exported", by=scope_of(auditor), detail={"customers": [7]})
    assert found(auditor, customer=customer.number) == {"search"}


def test_only_the_last_seven_days_are_read_unless_said(auditor):
    long_ago = timezone.now() - timedelta(days=8)
    AuditEvent.objects.create(occurred_at=long_ago, action="tag.create")
    assert "No record fits" in text(get(auditor, action="tag.create"))
    earlier = f"{long_ago - timedelta(days=1):%Y-%m-%dT%H:%M}"
    assert "Made a tag" in text(get(auditor, action="tag.create", since=earlier)).split("<tbody>")[1]


def test_pages_lead_on_and_back_without_losing_or_doubling_an_event(auditor):
    moment = timezone.now()
    for number in range(7):  # several of one moment: the number settles their order
        AuditEvent.objects.create(occurred_at=moment, action="tag.create", object_id=str(number))
    scope, rows = scope_of(auditor), AuditEvent.objects.filter(action="tag.create")
    first = audit_queries.page(scope, rows, "", size=3)
    second = audit_queries.page(scope, rows, first.older, size=3)
    third = audit_queries.page(scope, rows, second.older, size=3)
    seen = [line.object_id for page in (first, second, third) for line in page.lines]
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]
    assert (first.newer, third.older) == ("", "")
    assert audit_queries.page(scope, rows, third.newer, size=3).lines == second.lines
    assert audit_queries.page(scope, rows, second.newer, size=3).lines == first.lines
    assert audit_queries.page(scope, rows, "nonsense", size=3).lines == first.lines


def test_bad_input_is_told_by_field(auditor):
    answer = get(auditor, since="2026-02-02T00:00", until="2026-02-01T00:00")
    assert answer.status_code == 422
    assert "The end lies before the beginning." in text(answer)
    answer = get(auditor, customer="00000000000")
    assert answer.status_code == 422
    assert "Type the whole number" in text(answer)
    assert get(auditor, action="no.such").status_code == 422
    assert get(auditor, since="yesterday").status_code == 422


# Who sees what -------------------------------------------------------------------------------------------------------


def test_whoever_sees_a_part_of_the_bank_sees_what_was_done_there(units):
    inside = user_with_post("relationship_manager", unit=units["east1"])
    outside = user_with_post("relationship_manager", unit=units["west"])
    branch_auditor = user_with_post("auditor", "subtree", unit=units["east"])
    mine = audit.record("tag.create", by=scope_of(inside))
    others = audit.record("tag.close", by=scope_of(outside))
    nobodys = audit.record("login.failed", by=Scope(None, "E404"))
    assert found(branch_auditor) == {"tag.create"}
    assert found(branch_auditor, person=outside.username) == set()
    assert get(branch_auditor, "audit:event", *place(mine)).status_code == 200
    assert get(branch_auditor, "audit:event", *place(others)).status_code == 404
    assert get(branch_auditor, "audit:event", *place(nobodys)).status_code == 404
    assert get(branch_auditor, "audit:person", inside.pk).status_code == 200
    assert get(branch_auditor, "audit:person", outside.pk).status_code == 404
    assert get(branch_auditor, unit="west").status_code == 422


def test_the_security_administrator_sees_that_something_was_done_but_no_customer(security, corrected, customer):
    told = text(get(security))
    assert "Corrected a field" in told
    assert "not yours to see" in told
    event = text(get(security, "audit:event", *place(corrected)))
    for page in (told, event):
        for secret in (customer.number, "王建国", "王**", "新华书店", f">{customer.pk}<"):
            assert secret not in page
    assert "Your role sees no customers" in event
    assert 'name="customer"' not in told


def test_the_security_administrator_cannot_ask_for_a_customer(security, corrected, customer):
    assert "Corrected a field" in text(get(security, customer=customer.number)).split("<tbody>")[1]  # not narrowed
    with pytest.raises(audit_queries.Unknown):
        audit_queries.events(scope_of(security), wanted(customer=customer.number))


def test_what_an_auditor_looked_for_is_no_way_to_customers_either(auditor, security, customer):
    get(auditor, customer=customer.number)
    read = AuditEvent.objects.get(action="audit.read")
    assert read.detail["filter"]["customer"] == customer.number
    assert customer.number not in text(get(security, "audit:event", *place(read)))


def test_a_customer_outside_the_readers_scope_stays_unknown(units, customer, corrected):
    other = user_with_post("auditor", "subtree", unit=units["west"])
    own = CustomerFactory(owning_unit=units["west"])
    at_west = user_with_post("data_steward", "bank", unit=units["west"])
    override_field(
        by=at_west, scope=scope_of(at_west), number=customer.number, field_name="employer_name", value="旧书店",
        reason="told so",
    )  # fmt: skip
    event = AuditEvent.objects.filter(action="customer.override").latest("occurred_at")
    told = text(get(other, "audit:event", *place(event)))
    assert "旧书店" not in told
    assert customer.number not in told
    assert get(other, customer=own.number).status_code == 200
    assert get(other, customer=customer.number).status_code == 422


# One event -----------------------------------------------------------------------------------------------------------


def test_an_event_shows_its_differences_field_by_field(auditor, corrected):
    told = text(get(auditor, "audit:event", *place(corrected)))
    assert "Place of work" in told
    assert "新华书店" in told
    assert "is-changed" in told
    assert "王建国 says so" in told
    assert "waits for its seal" in told


def test_a_sealed_event_shows_its_place_and_whether_a_head_is_over_it(auditor, corrected):
    with as_owner():
        sealing.seal_pending()
    told = text(get(auditor, "audit:event", *place(corrected)))
    assert "as it was sealed" in told
    assert "signed head over it" in told
    for path in heads.heads_folder().glob("*.log"):
        path.unlink()
    assert "waits for a signed head" in text(get(auditor, "audit:event", *place(corrected)))


def test_an_event_that_was_changed_says_so(auditor, corrected):
    with as_owner():
        sealing.seal_pending()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
            cursor.execute("UPDATE core_auditevent SET reason = 'x' WHERE id = %s", [corrected.id])
            cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER USER")
    assert "not what was sealed" in text(get(auditor, "audit:event", *place(corrected)))


def test_an_address_of_no_event_is_not_found(auditor):
    for at, number in ((1, 1), (10**30, 1), (1, 10**30)):
        assert get(auditor, "audit:event", at, number).status_code == 404


def test_a_persons_page_counts_what_the_person_did(auditor, units):
    one = user_with_post("branch_head", "subtree", unit=units["east"])
    for _ in range(3):
        audit.record("tag.create", by=scope_of(one))
    told = text(get(auditor, "audit:person", one.pk))
    assert "Made a tag <b>3</b>" in told
    assert get(auditor, "audit:person", 999_999).status_code == 404


# Reading is on record ------------------------------------------------------------------------------------------------


def test_reading_the_audit_is_on_record_with_the_filter(auditor, corrected):
    get(auditor, action="customer.override")
    read = AuditEvent.objects.get(action="audit.read")
    assert (read.user_id, read.detail["filter"]["action"]) == (auditor.pk, "customer.override")
    get(auditor, "audit:event", *place(corrected))
    opened = AuditEvent.objects.get(action="audit.open")
    assert opened.object_id == str(corrected.id)


# Files ---------------------------------------------------------------------------------------------------------------


def order(user, **given):
    answer = client_of(user).post(
        reverse("audit:export"), {"purpose": "yearly audit", "purpose_code": "regulator", "format": "csv", **given}
    )
    assert answer.status_code == 302, text(answer)
    job = Job.objects.get(kind="system.audit_export")
    assert jobs.run(job.pk) == "done", Job.objects.get(pk=job.pk).problem
    stored = StoredFile.objects.get(job=job)
    return list(csv.reader(io.StringIO(files.path_of(stored).read_text("utf-8-sig"))))


def test_the_file_holds_the_events_of_the_filter_and_says_what_it_is_for(auditor, corrected, customer):
    audit.record("tag.create", by=scope_of(auditor), after={"name": "=1+1"}, reason="=2+2")
    lines = order(auditor)
    assert "yearly audit" in lines[2][0]
    assert ExportRecord.objects.get().grouped_code in lines[3][0]
    flat = [cell for line in lines for cell in line]
    assert "更正资料" in flat  # the language of whoever ordered it
    assert f"\t{customer.number}" in flat  # text, however many digits
    assert "'=2+2" in flat
    assert "=2+2" not in flat
    ordered = AuditEvent.objects.get(action="audit.export")
    assert (ordered.reason[-12:], ordered.user_id) == ("yearly audit", auditor.pk)


def test_the_security_administrators_file_holds_no_customer(security, corrected, customer):
    flat = "\n".join(cell for line in order(security) for cell in line)
    assert "更正资料" in flat
    for secret in (customer.number, "王", "新华书店"):
        assert secret not in flat


def test_a_workbook_is_made_as_well(auditor, corrected):
    answer = client_of(auditor).post(
        reverse("audit:export"), {"purpose": "yearly audit", "purpose_code": "regulator", "format": "xlsx"}
    )
    assert answer.status_code == 302
    job = Job.objects.get(kind="system.audit_export")
    assert jobs.run(job.pk) == "done"
    assert files.path_of(StoredFile.objects.get(job=job)).read_bytes().startswith(b"PK")


def test_a_file_without_a_purpose_is_refused(auditor):
    answer = client_of(auditor).post(reverse("audit:export"), {"purpose": "", "format": "csv"})
    assert answer.status_code == 422
    assert not Job.objects.exists()


# Integrity -----------------------------------------------------------------------------------------------------------


def test_verifying_leaves_a_record_and_the_page_shows_it(auditor):
    audit.record("tag.create", by=scope_of(auditor))
    with as_owner():
        sealing.seal_pending()
    client = client_of(auditor)
    assert client.post(reverse("audit:verify")).status_code == 302
    with as_owner():
        assert jobs.run(Job.objects.get(kind="system.audit_verify").pk) == "done"
    told = text(get(auditor, "audit:integrity"))
    assert "all as it was written" in told
    assert "over the whole chain" in told


def test_what_a_verification_finds_is_named_on_the_page_in_the_log_and_on_the_landing_page(auditor, security, caplog):
    event = audit.record("tag.create", by=scope_of(auditor))
    with as_owner():
        sealing.seal_pending()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM core_auditevent WHERE id = %s", [event.id])
            cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER USER")
        audit_jobs.verify(Scope.system(because="nightly verification"))
    assert "The audit is not as it was written: 1 findings" in caplog.text
    told = text(get(auditor, "audit:integrity"))
    assert f"removed event {event.id} " in told
    for user in (auditor, security):
        assert "The audit needs you" in text(client_of(user).get("/"))
    manager = user_with_post("relationship_manager")
    assert "The audit needs you" not in text(client_of(manager).get("/"))


def test_a_change_behind_the_program_is_named_by_the_nightly_verification(auditor, monkeypatch):
    at = timezone.now()
    seen = verifying.Untold("customers_customer", "update", 7, at, "", "postgres")
    monkeypatch.setattr(verifying, "compare", lambda since, until: [seen])
    with as_owner():
        audit_jobs.verify(Scope.system(because="nightly verification"))
    told = text(get(auditor, "audit:integrity"))
    assert "untold update of customers_customer 7 at" in told
    assert "behind the program" in told
    assert "behind the program" in text(client_of(auditor).get("/"))


def test_the_landing_page_says_nothing_while_all_is_well(auditor, monkeypatch):
    monkeypatch.setattr(verifying, "compare", lambda since, until: [])  # factories write behind the actions
    audit.record("tag.create", by=scope_of(auditor))
    with as_owner():
        sealing.seal_pending()
        audit_jobs.verify(Scope.system(because="nightly verification"))
    assert "The audit needs you" not in text(client_of(auditor).get("/"))


def test_an_audit_that_nobody_verifies_or_seals_raises_its_voice(auditor):
    with as_owner():
        sealing.seal_pending()
        audit_jobs.verify(Scope.system(because="nightly verification"))
    AuditEvent.objects.create(occurred_at=timezone.now() - timedelta(minutes=20), action="tag.create")
    assert "wait longer than ten minutes" in text(client_of(auditor).get("/"))


def test_reading_the_audit_is_told_in_words(auditor, corrected):
    client = client_of(auditor)
    client.get("/system/audit/?action=customer.override")
    read = AuditEvent.objects.get(action="audit.read")
    page = client.get(f"/system/audit/events/{microseconds(read.occurred_at)}/{read.id}/").content.decode()
    assert "Since: " in page
    assert "since:" not in page
    assert "customer.override" not in page
    assert "1 record<" in client.get("/system/audit/?action=customer.override").content.decode()
