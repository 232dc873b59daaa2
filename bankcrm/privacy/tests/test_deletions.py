"""Deletion: asked for, agreed to by a second person, restricted, and erased when the law lets it go."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, ProgrammingError, connection
from django.urls import reverse
from django.utils import translation

from bankcrm.core import approvals
from bankcrm.core.attachments import place_of
from bankcrm.core.models import AuditEvent
from bankcrm.core.retention import due_on
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer, Holding, HoldingParty, IdentityDocument, Interaction
from bankcrm.customers.queries.permitted import is_restricted
from bankcrm.customers.tests.factories import (
    TODAY,
    CollateralFactory,
    ContactPointFactory,
    CustomerFactory,
    DocumentFactory,
    HoldingFactory,
    InteractionFactory,
    OrganisationFactory,
    PartyFactory,
    SearchKeyFactory,
    SourceFactory,
)
from bankcrm.customers.tests.group_factories import GroupFactory
from bankcrm.customers.tests.paper_factories import CustomerFileFactory
from bankcrm.customers.tests.service_factories import ConsentFactory, OpenComplaintFactory, RestrictionFactory
from bankcrm.feeds.models import BankSetting, ErasedKey
from bankcrm.org.tests.factories import scope_of, user_with_post
from bankcrm.org.tests.login_factories import set_value
from bankcrm.privacy import actions, deletion_queries, deletions
from bankcrm.privacy.models import Deletion, DeletionPart, SubjectRequest
from bankcrm.privacy.tests.as_worker import as_worker
from bankcrm.privacy.tests.test_requests import by, record, taken

SYSTEM = Scope.system(because="test")
LONG_AGO = TODAY.replace(year=TODAY.year - 11)
TOLD = "您的信息将按规定删除。"


@pytest.fixture(autouse=True)
def english():
    """What is refused is read here in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def officer(cast):
    """A risk officer of the bank: the second person."""
    return user_with_post("risk_officer", "bank", unit=cast.a.parent)


@pytest.fixture
def gone(cast):
    """A person whose relationship ended eleven years ago, with a closed account and all that hangs on a person."""
    person = CustomerFactory(owning_unit=cast.a, name="陈旧", status="ended", ended_on=LONG_AGO)
    source = SourceFactory(customer=person)
    DocumentFactory(customer=person, source_key=source.key)
    ContactPointFactory(customer=person)
    SearchKeyFactory(customer=person)
    holding = HoldingFactory(customer=person, status="closed", closed_on=LONG_AGO)
    PartyFactory(holding=holding, customer=cast.customer)
    InteractionFactory(customer=person)
    ConsentFactory(customer=person)
    with as_owner():
        BankSetting.objects.get_or_create(id=1, defaults={"base_currency": "CNY"})
    return person


@pytest.fixture
def nothing_kept(db):
    """A bank that keeps no evidence of consents: all of `gone` is due at once."""
    set_value("privacy.retention.evidence", 0)


def asked(cast, customer, text=TOLD):
    request = taken(cast, "delete", customer=customer)
    return request, deletions.ask_deletion(**by(cast, request, text=text))


def agreed(cast, customer, officer):
    request, approval = asked(cast, customer)
    approvals.agree(approval_id=approval.pk, by=scope_of(officer), text="同意")
    request.refresh_from_db()
    return request


def erase():
    with as_worker():
        return deletions.erase_due(by=SYSTEM)


def left(model, customer):
    return model.objects.everything(because="test").filter(customer=customer).count()


def test_nothing_is_restricted_or_deleted_before_a_second_person_agrees(cast, gone):
    request, _approval = asked(cast, gone)
    assert not is_restricted(gone.pk)
    assert request.status == SubjectRequest.Status.IN_WORK
    assert erase()["classes"] == 0 and left(Interaction, gone) == 1


def test_whoever_asked_cannot_agree_and_others_need_the_permission(cast, gone, officer):
    _request, approval = asked(cast, gone)
    for who in (cast.steward, cast.zhao):
        with pytest.raises((PermissionDenied, approval.DoesNotExist)):
            approvals.agree(approval_id=approval.pk, by=scope_of(who), text="同意")


def test_agreed_the_data_are_restricted_and_the_request_is_answered(cast, gone, officer):
    request = agreed(cast, gone, officer)
    assert (request.status, request.answer, request.closed_by) == ("answered", TOLD, cast.steward)
    assert is_restricted(gone.pk)
    made = Deletion.objects.everything(because="test").get(customer=gone)
    assert (made.relation_ended_on, made.agreed_by) == (LONG_AGO, officer)
    days = {part.retention_class: part.due_on for part in made.parts.all()}
    assert days == {
        "service": TODAY,
        "evidence": due_on(TODAY, 3),
        "dealings": TODAY,
        "identity": due_on(TODAY, 3),  # never before what hangs on it
    }
    assert AuditEvent.objects.filter(action="customer.deletion_agreed", customer_id=gone.pk).count() == 1


def test_nobody_lifts_the_restriction_of_what_is_to_be_deleted(cast, gone, officer):
    agreed(cast, gone, officer)
    request = taken(cast, "lift", customer=gone)
    restriction = gone.restrictions.get()
    with pytest.raises(ValidationError, match="stays restricted"):
        actions.answer_by_lifting(**by(cast, request, restriction_id=restriction.pk, text=TOLD))


@pytest.mark.parametrize(
    ("stands", "says"),
    [
        (lambda customer: HoldingFactory(customer=customer), "Accounts that are not closed: 1"),
        (
            lambda customer: PartyFactory(holding=HoldingFactory(customer=CustomerFactory()), customer=customer),
            "Others' accounts in which the customer has a part: 1",
        ),
        (
            lambda customer: CollateralFactory(customer=customer, holding=HoldingFactory(customer=CustomerFactory())),
            "Collateral of a loan or facility that goes on: 1",
        ),
        (lambda customer: OpenComplaintFactory(customer=customer), "Complaints that are open: 1"),
        (lambda customer: RestrictionFactory(customer=customer, reason="claim"), "claim or a dispute"),
    ],
)
def test_what_stands_against_a_deletion_refuses_it_and_names_itself(cast, gone, officer, stands, says):
    request = taken(cast, "delete", customer=gone)
    stands(gone)
    with pytest.raises(ValidationError, match=says):
        deletions.ask_deletion(**by(cast, request, text=TOLD))


def test_a_relationship_that_goes_on_is_not_deleted(cast):
    request = taken(cast, "delete")
    with pytest.raises(ValidationError, match="still keep the relationship as open"):
        deletions.ask_deletion(**by(cast, request, text=TOLD))


def test_what_came_up_after_the_request_stops_the_agreement(cast, gone, officer):
    _request, approval = asked(cast, gone)
    HoldingFactory(customer=gone)
    with pytest.raises(ValidationError, match="not closed"):
        approvals.agree(approval_id=approval.pk, by=scope_of(officer), text="同意")
    assert not is_restricted(gone.pk)


def test_organisations_cannot_ask_for_deletion(cast):
    firm = OrganisationFactory(owning_unit=cast.a)
    with pytest.raises(ValidationError, match="persons only"):
        record(cast, "delete", customer=firm)


def test_each_class_goes_on_its_day_and_not_before(cast, gone, officer):
    agreed(cast, gone, officer)
    assert erase() == {"customers": 1, "classes": 2, "hindered": 0, "failed": 0, "lake_rows": 0}
    assert (left(Interaction, gone), left(Holding, gone)) == (0, 0)
    assert (left(IdentityDocument, gone), Customer.objects.everything(because="t").get(pk=gone.pk).name) == (1, "陈旧")
    assert erase()["classes"] == 0


def test_in_the_end_nothing_of_the_person_stays_but_the_number(cast, gone, officer, nothing_kept):
    request = agreed(cast, gone, officer)
    assert erase()["classes"] == 4
    stub = Customer.objects.everything(because="test").get(pk=gone.pk)
    assert (stub.number, stub.status, stub.name, stub.name_pieces) == (gone.number, "erased", "", [])
    assert (stub.label, stub.owning_unit_id, stub.lead_id) == (gone.number, cast.a.parent_id, None)
    request.refresh_from_db()
    assert (request.wish, request.answer) == ("", "–")
    made = Deletion.objects.everything(because="test").get(customer=gone)
    assert made.erased_at is not None
    with connection.cursor() as cursor, as_owner():
        cursor.execute("SELECT count(*) FROM witness_customerwitness WHERE id = %s AND name <> ''", [gone.pk])
        assert cursor.fetchone() == (0,)
    assert AuditEvent.objects.filter(action="customer.erased", customer_id=gone.pk).count() == 4


def test_the_managers_of_the_unit_do_not_find_what_was_erased(cast, gone, officer, nothing_kept):
    agreed(cast, gone, officer)
    erase()
    for who, status in (("zhao", 404), ("steward", 410)):
        for page in ("overview", "basic", "history", "print"):
            assert cast.client(who).get(reverse(f"customers:{page}", args=[gone.number])).status_code == status
    with pytest.raises(Customer.DoesNotExist):
        record(cast, "see", customer=gone)


def test_what_others_held_together_with_the_person_stays_theirs(cast, gone, officer):
    theirs = HoldingFactory(customer=cast.customer, status="closed", closed_on=LONG_AGO)
    PartyFactory(holding=theirs, customer=gone, party_role="joint")
    agreed(cast, gone, officer)
    erase()
    assert left(Holding, cast.customer) == 1
    assert left(HoldingParty, gone) == 0


def test_what_was_added_after_its_class_went_goes_with_the_identity(cast, gone, officer):
    request = agreed(cast, gone, officer)
    assert erase()["classes"] == 2
    InteractionFactory(customer=gone)
    HoldingFactory(customer=gone, status="closed", closed_on=LONG_AGO)
    set_value("privacy.retention.evidence", 0)
    assert erase()["classes"] == 2
    assert (left(Interaction, gone), left(Holding, gone)) == (0, 0)
    with as_owner():
        assert ErasedKey.objects.filter(what="holding", retention_class="dealings").count() == 2
    request.refresh_from_db()


def test_a_relationship_that_went_on_and_ended_is_counted_from_its_last_day(cast, gone, officer):
    agreed(cast, gone, officer)
    HoldingFactory(customer=gone, status="closed", closed_on=TODAY)
    assert erase()["classes"] == 1  # service: no law asks for it
    part = DeletionPart.objects.get(retention_class="dealings")
    assert (part.counted_from, part.due_on, part.erased_at) == (TODAY, due_on(TODAY, 10), None)


def test_one_that_fails_does_not_keep_the_others_waiting(cast, gone, officer, monkeypatch):
    other = CustomerFactory(owning_unit=cast.a, status="prospect", name="潜客")
    agreed(cast, gone, officer)
    agreed(cast, other, officer)
    whole = deletions._erase_one
    first = Deletion.objects.everything(because="test").order_by("pk").first().pk

    def broken(pk, by):
        if pk == first:
            raise OperationalError("lock timeout")
        return whole(pk, by)

    monkeypatch.setattr(deletions, "_erase_one", broken)
    counts = erase()
    assert (counts["failed"], counts["customers"]) == (1, 1)


def test_papers_leave_the_disk_with_the_identity(cast, gone, officer, nothing_kept, django_capture_on_commit_callbacks):
    path = place_of(CustomerFileFactory(customer=gone).path)
    agreed(cast, gone, officer)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        erase()
    assert not path.exists()


def test_the_words_for_the_customer_stand_in_the_request_alone(cast, gone, officer):
    _request, approval = asked(cast, gone)
    approvals.agree(approval_id=approval.pk, by=scope_of(officer), text="同意")
    approval.refresh_from_db()
    kept = [approval.reason, str(approval.arguments), *approval.opinions.values_list("text", flat=True)]
    kept += [str(event.__dict__) for event in AuditEvent.objects.all()]
    assert not any(TOLD in text for text in kept)


def test_sent_back_the_words_were_a_draft(cast, gone, officer):
    request, approval = asked(cast, gone)
    approvals.send_back(approval_id=approval.pk, by=scope_of(officer), text="证件未核实")
    request.refresh_from_db()
    assert (request.status, request.answer) == ("in_work", "")


def test_what_is_agreed_to_is_not_asked_for_again(cast, gone, officer):
    agreed(cast, gone, officer)
    request = taken(cast, "delete", customer=gone)
    with pytest.raises(ValidationError, match="agreed to already"):
        deletions.ask_deletion(**by(cast, request, text=TOLD))


def test_the_groups_of_a_head_who_is_erased_are_dissolved(cast, gone, officer, nothing_kept):
    group = GroupFactory(head=gone)
    agreed(cast, gone, officer)
    erase()
    assert not type(group).objects.everything(because="test").filter(pk=group.pk).exists()


def test_a_prospect_is_kept_for_no_relationship(cast, officer, nothing_kept):
    prospect = CustomerFactory(owning_unit=cast.a, status="prospect", name="潜客")
    agreed(cast, prospect, officer)
    assert erase()["classes"] == 4
    assert Customer.objects.everything(because="test").get(pk=prospect.pk).name == ""


def test_a_longer_law_holds_for_what_is_still_kept(cast, gone, officer):
    agreed(cast, gone, officer)
    set_value("privacy.retention.dealings", 15)
    assert erase()["classes"] == 1
    part = DeletionPart.objects.get(retention_class="dealings")
    assert (part.due_on, part.erased_at) == (due_on(LONG_AGO, 15), None)


def test_where_the_relationship_goes_on_again_nothing_is_erased(cast, gone, officer):
    agreed(cast, gone, officer)
    HoldingFactory(customer=gone)
    assert erase() == {"customers": 0, "classes": 0, "hindered": 1, "failed": 0, "lake_rows": 0}
    assert left(Interaction, gone) == 1


def test_the_database_refuses_what_nobody_else_agreed_to(cast, gone, officer):
    request = taken(cast, "delete", customer=gone)
    with as_owner():
        made = Deletion.objects.create(
            customer=gone, request=request, restriction=RestrictionFactory(customer=gone, reason="retention"),
            agreed_by=officer, agreed_on=TODAY,
        )  # fmt: skip
        DeletionPart.objects.create(deletion=made, retention_class="service", counted_from=TODAY, due_on=TODAY)
    with as_owner(), pytest.raises(ProgrammingError, match="due to be erased"), connection.cursor() as cursor:
        cursor.execute("SELECT core_erase(%s, 'service')", [gone.pk])


def test_the_database_refuses_to_erase_what_is_not_due(cast, gone, officer):
    agreed(cast, gone, officer)
    with as_owner(), pytest.raises(ProgrammingError, match="due to be erased"), connection.cursor() as cursor:
        cursor.execute("SELECT core_erase(%s, 'evidence')", [gone.pk])


def test_the_web_role_may_not_erase(cast, gone):
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT core_erase(%s, 'service')", [gone.pk])


def test_keys_stay_behind_as_digests_only(cast, gone, officer):
    agreed(cast, gone, officer)
    erase()
    with as_owner():
        kept = set(ErasedKey.objects.values_list("what", "retention_class"))
        assert kept == {("customer", "service"), ("customer", "dealings"), ("holding", "dealings")}
        assert not ErasedKey.objects.filter(digest__contains="/").exists()


def test_the_pages_show_what_goes_when_and_why(cast, gone, officer):
    request = taken(cast, "delete", customer=gone)
    page = cast.client("steward").get(reverse("privacy:request", args=[request.pk])).content.decode()
    assert "What would be erased when" in page and "Anti-Money Laundering Law" in page
    answer = cast.client("steward").post(reverse("privacy:ask-deletion", args=[request.pk]), {"text": TOLD})
    assert answer.status_code == 302
    page = cast.client("steward").get(reverse("privacy:request", args=[request.pk])).content.decode()
    assert "Waits for agreement" in page and "Ask for the deletion" not in page
    approval = deletion_queries.waiting_approval(request)
    approvals.agree(approval_id=approval.pk, by=scope_of(officer), text="同意")
    page = cast.client("steward").get(reverse("privacy:deletions")).content.decode()
    assert gone.name in page and TODAY.isoformat() in page


def test_the_page_of_the_request_tells_what_was_erased(cast, gone, officer):
    request = agreed(cast, gone, officer)
    erase()
    page = cast.client("steward").get(reverse("privacy:request", args=[request.pk])).content.decode()
    assert f"erased {TODAY}" in page and TOLD in page
