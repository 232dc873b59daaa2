"""Two people decide: the engine's rules, with a kind of its own."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core import approvals, dates, extensions
from bankcrm.core.approvals import queries
from bankcrm.core.approvals.rules import Case, Decider, Hindrance, hindrance, people
from bankcrm.core.extensions import ApprovalKind
from bankcrm.core.models import Approval, AuditEvent, Opinion
from bankcrm.core.scope import Scope
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post

TODAY = dt.date(2026, 11, 26)
DECIDE = "test.decide"


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def carried():
    """What was carried out, by a kind that posts decide who hold `test.decide`."""
    seen = []

    def carry_out(approval, *, by):
        if approval.arguments.get("fails"):
            raise ValidationError("It cannot be done any more.")
        seen.append((approval.arguments, by.username))

    kind = ApprovalKind(
        "test.kind",
        "Test",
        carry_out,
        DECIDE,
        limit=lambda scope, approval: Decimal(100) if scope.role == "branch_head" else None,
        measure="rows",
        on_refused=lambda approval, *, by: seen.append(("refused", by.username)),
    )
    extensions.approval_kinds.register(kind)
    yield seen
    extensions.approval_kinds.unregister("test.kind")


@pytest.fixture
def bank(db):
    return tree({"HQ": {"EAST": {}, "WEST": {}}})


def may_decide(role, data_scope, unit):
    """A scope that also holds the permission of the test's kind."""
    from dataclasses import replace

    scope = scope_of(user_with_post(role, data_scope, unit=unit))
    return replace(scope, permissions=scope.permissions | {DECIDE})


def ask(by, **more):
    given = {"title": "Something", "reason": "needed", "arguments": {"n": 1}, **more}
    return approvals.ask("test.kind", by=by, **given)


@pytest.fixture
def asker(bank):
    return may_decide("relationship_manager", "self", bank["EAST"])


@pytest.fixture
def head(bank):
    return may_decide("branch_head", "subtree", bank["EAST"])


@pytest.fixture
def auditor(bank):
    return may_decide("auditor", "bank", bank["HQ"])


# The pure rule -------------------------------------------------------------------------------------------------------

ids = st.integers(1, 4)
some = st.frozensets(ids, max_size=2)


@given(
    is_open=st.booleans(),
    askers=some,
    assignee=st.none() | ids,
    amount=st.none() | st.integers(0, 5).map(Decimal),
    decider=some,
    has_permission=st.booleans(),
    sees_unit=st.booleans(),
    limit=st.none() | st.integers(0, 5).map(Decimal),
)
def test_nobody_decides_alone_nor_above_the_limit_nor_elsewhere(
    is_open, askers, assignee, amount, decider, has_permission, sees_unit, limit
):
    case = Case(is_open, askers, assignee, amount)
    who = Decider(decider, has_permission, sees_unit, limit)
    why = hindrance(case, who)
    may = (
        is_open
        and has_permission
        and sees_unit
        and not askers & decider
        and (assignee is None or assignee in decider)
        and not (amount is not None and limit is not None and amount > limit)
    )
    assert (why is None) is may
    # sending back is held to the same, but for the amount
    assert hindrance(case, who, agrees=False) in ({why, None} if why is Hindrance.TOO_MUCH else {why})


def test_unknown_people_are_nobody():
    assert people(None, 3, None) == {3}


# The engine ----------------------------------------------------------------------------------------------------------


def test_what_is_agreed_to_is_carried_out_once_by_the_second_person(carried, asker, head):
    found = ask(asker)
    assert carried == []
    approvals.agree(approval_id=found.pk, by=head, text="fine")
    assert carried == [({"n": 1}, head.username)]
    with pytest.raises(PermissionDenied, match="decided already"):
        approvals.agree(approval_id=found.pk, by=head)
    found.refresh_from_db()
    assert (found.status, found.decided_by_id) == ("agreed", head.user_id)
    assert list(found.opinions.values_list("verb", "text")) == [("asked", "needed"), ("agreed", "fine")]
    actions = AuditEvent.objects.filter(object_type="core.approval").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["approval.asked", "approval.agreed"]


def test_whoever_asked_cannot_agree_nor_whoever_stands_in_for_them(carried, asker, head):
    from dataclasses import replace

    found = ask(asker)
    with pytest.raises(PermissionDenied, match="second person"):
        approvals.agree(approval_id=found.pk, by=asker)
    deputy = replace(head, acting_for=asker.user_id)
    with pytest.raises(PermissionDenied, match="second person"):
        approvals.agree(approval_id=found.pk, by=deputy)
    assert not queries.to_decide(asker).exists()
    assert not queries.to_decide(deputy).exists()
    assert list(queries.to_decide(head)) == [found]
    assert carried == []


def test_what_cannot_be_carried_out_stays_open_and_leaves_nothing(carried, asker, head):
    found = ask(asker, arguments={"fails": True})
    with pytest.raises(ValidationError, match="any more"), transaction.atomic():
        approvals.agree(approval_id=found.pk, by=head)
    found.refresh_from_db()
    assert found.is_open
    assert found.opinions.count() == 1
    assert not AuditEvent.objects.filter(action="approval.agreed").exists()


def test_a_limit_keeps_from_agreeing_but_not_from_sending_back(carried, asker, head, auditor):
    found = ask(asker, amount=Decimal(101))
    with pytest.raises(PermissionDenied, match="more than your post"):
        approvals.agree(approval_id=found.pk, by=head)
    approvals.send_back(approval_id=found.pk, by=head, text="too many")
    again = ask(asker, amount=Decimal(101))
    approvals.agree(approval_id=again.pk, by=auditor)
    assert carried == [("refused", head.username), ({"n": 1}, auditor.username)]


def test_sending_back_and_handing_on_say_why(carried, asker, head):
    found = ask(asker)
    with pytest.raises(ValidationError, match="say why"):
        approvals.send_back(approval_id=found.pk, by=head, text=" ")
    with pytest.raises(ValidationError, match="say why"):
        ask(asker, reason=" ")


def test_another_units_request_is_not_there(carried, bank, asker, head):
    found = ask(asker, unit_id=bank["WEST"].pk, unit_no=bank["WEST"].no)
    assert list(queries.to_decide(head)) == []
    with pytest.raises(Approval.DoesNotExist):
        approvals.agree(approval_id=found.pk, by=head)
    with pytest.raises(Approval.DoesNotExist):
        queries.readable(head, found.pk)


def test_only_the_asker_withdraws(carried, asker, head):
    found = ask(asker)
    with pytest.raises(PermissionDenied, match="withdraw"):
        approvals.withdraw(approval_id=found.pk, by=head)
    approvals.withdraw(approval_id=found.pk, by=asker)
    assert carried == [("refused", asker.username)]
    assert Approval.objects.get().status == "withdrawn"


def test_a_request_handed_on_waits_for_that_person_alone(carried, bank, asker, head, auditor, monkeypatch):
    from bankcrm.core.approvals import engine
    from bankcrm.core.approvals.people import Person

    monkeypatch.setattr(engine, "people_for", lambda approval, permission: [Person(auditor.user_id, "A")])
    found = ask(asker)
    with pytest.raises(ValidationError, match="may not decide"):
        approvals.hand_on(approval_id=found.pk, to_id=asker.user_id, by=head, text="you know it")
    approvals.hand_on(approval_id=found.pk, to_id=auditor.user_id, by=head, text="you know it")
    with pytest.raises(PermissionDenied, match="somebody else"):
        approvals.agree(approval_id=found.pk, by=head)
    approvals.agree(approval_id=found.pk, by=auditor)
    assert list(queries.done_by_me(head)) == [found]


def test_only_one_request_of_a_key_may_be_open(carried, asker, head):
    first = ask(asker, single_key="x")
    with pytest.raises(ValidationError, match="already"):
        ask(asker, single_key="x")
    approvals.send_back(approval_id=first.pk, by=head, text="no")
    assert ask(asker, single_key="x").is_open


def test_the_due_day_comes_from_the_parameter(carried, asker):
    with dates.clock_at(TODAY):
        assert ask(asker).due_on == TODAY + dt.timedelta(days=3)


def test_the_database_refuses_one_person_for_both(carried, asker):
    found = ask(asker)
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Approval.objects.filter(pk=found.pk).update(
            status="agreed", decided_by_id=asker.user_id, decided_at=dates.now()
        )


def test_opinions_are_never_changed_by_a_page(carried, asker):
    ask(asker)
    for statement in ("UPDATE core_opinion SET text = ''", "DELETE FROM core_opinion"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    assert Opinion.objects.count() == 1


def test_approvers_are_those_whose_role_may_at_that_unit_or_above(bank):
    from bankcrm.org.approvers import approvers

    here = user_with_post("branch_head", "subtree", unit=bank["EAST"])
    user_with_post("branch_head", "subtree", unit=bank["WEST"])
    user_with_post("relationship_manager", "self", unit=bank["EAST"])
    request = Approval(unit_no=bank["EAST"].no)
    assert [person.user_id for person in approvers(request, "segments.manage")] == [here.pk]
    assert len(approvers(Approval(), "segments.manage")) == 2


# The pages -----------------------------------------------------------------------------------------------------------


def test_a_request_that_is_not_ones_own_is_a_404_and_nothing_waits(carried, bank, asker):
    found = ask(asker)
    client = client_of(user_with_post("it_operator", "bank", unit=bank["HQ"]))
    assert client.get(f"/approvals/{found.pk}/").status_code == 404
    assert "Nothing waits for your decision" in client.get("/approvals/").content.decode()
    assert client.post(f"/approvals/{found.pk}/", {"do": "agree"}).status_code == 404


def test_the_asker_sees_the_request_and_withdraws_it_in_the_page(carried, bank):
    user = user_with_post("relationship_manager", "self", unit=bank["EAST"])
    found = ask(scope_of(user), before={"a": 1}, after={"a": 2})
    client = client_of(user)
    text = client.get(f"/approvals/{found.pk}/").content.decode()
    assert "<b>2</b>" in text
    assert 'value="agree"' not in text
    assert client.post(f"/approvals/{found.pk}/", {"do": "agree"}).status_code == 422
    assert client.post(f"/approvals/{found.pk}/", {"do": "withdraw"}).status_code == 302
    assert Approval.objects.get().status == "withdrawn"


def test_a_system_may_ask_and_anybody_allowed_decides(carried, head):
    found = ask(Scope.system(because="nightly"))
    assert list(queries.to_decide(head)) == [found]
    approvals.agree(approval_id=found.pk, by=head)
    assert len(carried) == 1
