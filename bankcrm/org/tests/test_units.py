"""Units are added, edited, moved, closed, reopened and merged; what cannot be is refused in words."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.core import approvals, dates, jobs
from bankcrm.core.models import Approval, AuditEvent, Job
from bankcrm.core.testing import as_owner
from bankcrm.feeds.publish.organisation import publish_units
from bankcrm.org.actions.unit_merges import merge_unit
from bankcrm.org.actions.units import UnitFacts, add_unit, close_unit, edit_unit, move_unit, reopen_unit
from bankcrm.org.models import OrgUnit, Post, Team
from bankcrm.org.queries import ranges_of
from bankcrm.org.tests.factories import (
    PostFactory,
    TeamFactory,
    UserFactory,
    client_of,
    scope_of,
    tree,
    user_with_post,
)
from bankcrm.org.tree_jobs import MERGE, MOVE
from bankcrm.system.models import ParameterValue

pytestmark = pytest.mark.django_db
FACTS = UnitFacts("新设支行", "New", "sub_branch", "东部", None)
TODAY = dates.today()


@pytest.fixture
def units():
    return tree({"HO": {"A": {"A1": {}, "A2": {}}, "B": {"B1": {}}}})


@pytest.fixture
def admin(units):
    return user_with_post("system_administrator", "bank", unit=units["HO"])


@pytest.fixture
def scope(admin):
    return scope_of(admin)


def again(unit):
    return OrgUnit.objects.get(pk=unit.pk)


def run(action, scope, **given):
    """What jobs do: with the worker's rights, which here are the owner's."""
    with as_owner():
        return action(by=scope, scope=scope, **given)


def merge(scope, gone, kept, on=TODAY):
    return run(merge_unit, scope, gone_id=gone.pk, kept_id=kept.pk, on=on, reason="网点优化")[0]


def test_a_new_unit_gets_its_place_and_the_audit_tells(units, scope):
    made = run(add_unit, scope, code="A9", facts=FACTS, parent_id=units["A"].pk)
    above, made = again(units["A"]), again(made)
    assert above.no < made.no < made.no_end < above.no_end
    event = AuditEvent.objects.get(action="unit.added")
    assert event.after["parent"] == "A"
    assert event.after["name_en"] == "New"


def test_a_code_that_is_taken_is_refused_by_field(units, scope):
    with pytest.raises(ValidationError) as caught:
        run(add_unit, scope, code="B1", facts=FACTS, parent_id=units["A"].pk)
    assert "code" in caught.value.message_dict


def test_a_second_head_office_is_refused(units, scope):
    wrong = UnitFacts("又一总行", "", "head_office", "", None)
    with pytest.raises(ValidationError) as caught:
        run(add_unit, scope, code="H2", facts=wrong, parent_id=units["A"].pk)
    assert "kind" in caught.value.message_dict


def test_a_unit_moves_with_all_below_it(units, scope):
    run(move_unit, scope, pk=units["A"].pk, parent_id=units["B"].pk, reason="划转")
    b, a, a1 = (again(units[code]) for code in ("B", "A", "A1"))
    assert b.no < a.no < a1.no < a.no_end < b.no_end
    assert AuditEvent.objects.get(action="unit.moved").before == {"parent": "HO"}


@pytest.mark.parametrize(("unit", "parent"), [("A", "A1"), ("A", "A"), ("HO", "A"), ("A1", "A")])
def test_a_cycle_the_root_and_the_same_place_are_refused(units, scope, unit, parent):
    with pytest.raises(ValidationError):
        run(move_unit, scope, pk=units[unit].pk, parent_id=units[parent].pk, reason="x")
    assert again(units[unit]).parent_id == units[unit].parent_id


def test_without_the_permission_nothing_is_done(units):
    other = scope_of(user_with_post("branch_head", "bank", unit=units["HO"]))
    with pytest.raises(PermissionDenied):
        run(move_unit, other, pk=units["A1"].pk, parent_id=units["B"].pk, reason="x")


def test_a_unit_out_of_scope_is_not_there(units):
    narrow = scope_of(user_with_post("system_administrator", "subtree", unit=units["B"]))
    with pytest.raises(OrgUnit.DoesNotExist):
        edit_unit(pk=units["A1"].pk, facts=FACTS, by=narrow, scope=narrow)


def test_a_unit_with_people_is_not_closed_and_the_answer_says_what_is_left(units, scope):
    UserFactory(home_unit=units["A1"])
    with pytest.raises(ValidationError) as caught:
        close_unit(pk=units["A1"].pk, on=TODAY, reason="撤并", by=scope, scope=scope)
    assert "1" in caught.value.messages[0]
    assert again(units["A1"]).closed_on is None


def test_an_empty_unit_closes_and_opens_again(units, scope):
    close_unit(pk=units["A1"].pk, on=TODAY, reason="撤并", by=scope, scope=scope)
    assert again(units["A1"]).closed_on == TODAY
    reopen_unit(pk=units["A1"].pk, reason="恢复", by=scope, scope=scope)
    assert again(units["A1"]).closed_on is None
    assert AuditEvent.objects.filter(action__in=["unit.closed", "unit.reopened"]).count() == 2


def test_a_branch_with_open_units_below_is_not_closed(units, scope):
    with pytest.raises(ValidationError):
        close_unit(pk=units["A"].pk, on=TODAY, reason="撤并", by=scope, scope=scope)


def test_the_head_office_is_neither_closed_nor_merged(units, scope):
    with pytest.raises(ValidationError):
        close_unit(pk=units["HO"].pk, on=TODAY, reason="x", by=scope, scope=scope)
    with pytest.raises(ValidationError):
        merge(scope, units["HO"], units["A"])


def test_nothing_ends_in_the_future(units, scope):
    with pytest.raises(ValidationError):
        close_unit(pk=units["A1"].pk, on=TODAY + dt.timedelta(days=1), reason="x", by=scope, scope=scope)


def test_a_merge_moves_people_posts_teams_and_units_below(units, scope):
    user = UserFactory(home_unit=units["A"])
    post = PostFactory(user=user, unit=units["A"], role="branch_head", data_scope="subtree")
    team = TeamFactory(unit=units["A"])
    merge(scope, units["A"], units["B"])
    user.refresh_from_db()
    gone = again(units["A"])
    assert user.home_unit == units["B"]
    assert Team.objects.get(pk=team.pk).unit == units["B"]
    assert again(units["A1"]).parent == units["B"]
    assert (gone.merged_into, gone.merged_on, gone.closed_on, gone.parent) == (units["B"], TODAY, TODAY, units["HO"])
    held = Post.objects.get(user=user, valid__contains=TODAY)
    assert (held.unit, held.data_scope) == (units["B"], "subtree")
    assert Post.objects.get(pk=post.pk).valid.upper == TODAY, "who held what until today stays as it was"
    moved = AuditEvent.objects.get(action="unit.merged").detail["moved"]
    assert (moved["users"], moved["posts"], moved["teams"], moved["units"]) == (1, 1, 1, 2)


def test_whoever_works_at_the_target_reaches_what_the_merged_unit_was(units, scope):
    """It keeps its place under its old branch: the scope reaches over to it."""
    merge(scope, units["A1"], units["B1"])
    gone, kept, above, elsewhere = (again(units[code]) for code in ("A1", "B1", "B", "A2"))
    for unit, data_scope in ((kept, "unit"), (kept, "subtree"), (above, "subtree")):
        assert any(low <= gone.no < high for low, high in ranges_of(unit, data_scope)), (unit.code, data_scope)
    for unit, data_scope in ((above, "unit"), (elsewhere, "subtree")):
        assert not any(low <= gone.no < high for low, high in ranges_of(unit, data_scope))
    assert gone.successor == kept


def test_merged_twice_the_last_one_answers_for_both(units, scope):
    merge(scope, units["A1"], units["A2"])
    merge(scope, units["A2"], units["B1"])
    first = again(units["A1"])
    assert (first.merged_into, first.successor) == (units["A2"], units["B1"])
    assert any(low <= first.no < high for low, high in ranges_of(again(units["B1"]), "unit"))


def test_a_merge_ends_the_units_own_parameter_values(units, scope):
    with as_owner():
        made = ParameterValue.objects.create(
            key="alerts.x", unit=units["A1"], value=1, valid=DateRange(dt.date(2026, 1, 1), None)
        )
    merge(scope, units["A1"], units["A2"])
    assert ParameterValue.objects.get(pk=made.pk).valid.upper == TODAY


@pytest.mark.parametrize(("gone", "kept"), [("A", "A1"), ("A1", "A1")])
def test_a_merge_into_itself_or_below_is_refused(units, scope, gone, kept):
    with pytest.raises(ValidationError):
        merge(scope, units[gone], units[kept])


def test_a_merged_unit_neither_merges_again_nor_opens(units, scope):
    merge(scope, units["A1"], units["A2"])
    with pytest.raises(ValidationError):
        merge(scope, units["A1"], units["B1"])
    with pytest.raises(ValidationError):
        reopen_unit(pk=units["A1"].pk, reason="x", by=scope, scope=scope)


def row(unit, parent, name="支行", closed=None):
    return {
        "unit_id": unit, "parent_id": parent, "name": name, "name_en": None, "region": None, "opened_on": None,
        "unit_kind": "head_office" if parent is None else "branch", "closed_on": closed,
    }  # fmt: skip


def deliver(*rows):
    with as_owner():
        publish_units([row("HO", None), row("A", "HO"), row("B", "HO"), *rows])


def test_what_staff_changed_holds_until_the_feed_says_something_new(units, scope):
    deliver(row("A1", "A"))
    facts = UnitFacts("江畔支行", "", "branch", "", None)
    edit_unit(pk=units["A1"].pk, facts=facts, by=scope, scope=scope)
    deliver(row("A1", "A"))
    assert again(units["A1"]).name == "江畔支行"
    assert list(again(units["A1"]).by_hand) == ["name"]
    deliver(row("A1", "A", "江边支行"))
    assert (again(units["A1"]).name, again(units["A1"]).by_hand) == ("江边支行", None)


def test_a_move_by_hand_holds_and_gives_way_where_the_feeds_tree_would_be_none(units, scope):
    deliver(row("A1", "A"))
    run(move_unit, scope, pk=units["A"].pk, parent_id=units["B"].pk, reason="划转")
    deliver(row("A1", "A"))
    assert again(units["A"]).parent == units["B"]
    with as_owner():
        publish_units([row("HO", None), row("A", "HO"), row("B", "A")])
    assert (again(units["A"]).parent, again(units["B"]).parent) == (units["HO"], units["A"])
    assert again(units["A"]).by_hand is None


def test_a_merged_unit_stays_closed_whatever_the_feed_says(units, scope):
    deliver(row("A1", "A"), row("A2", "A"))
    merge(scope, units["A1"], units["A2"])
    deliver(row("A1", "A"), row("A2", "A"))
    assert again(units["A1"]).closed_on == TODAY
    deliver(row("A1", "B"), row("A2", "A"))
    assert (again(units["A1"]).closed_on, again(units["A1"]).parent) == (TODAY, units["B"])


def test_pages_order_what_shapes_the_tree_as_a_job(units, admin):
    client = client_of(admin)
    answer = client.post(f"/org/units/{units['A1'].pk}/move/", {"parent": units["B"].pk, "reason": "划转"})
    job = Job.objects.get(kind=MOVE)
    assert answer.url == f"/core/jobs/{job.pk}/"
    assert job.arguments == {"pk": units["A1"].pk, "parent_id": units["B"].pk, "reason": "划转"}
    refused = client.post(f"/org/units/{units['A1'].pk}/move/", {"parent": units["A"].pk, "reason": "x"})
    assert refused.status_code == 422
    assert b"stands there already" in refused.content


def test_the_page_of_a_merge_shows_what_will_move_before_it_asks(units, admin):
    UserFactory(home_unit=units["A1"])
    client = client_of(admin)
    page = client.get(f"/org/units/{units['A1'].pk}/merge/").content.decode()
    assert "Users whose home it is" in page
    assert not Job.objects.filter(kind=MERGE).exists()


def asked_to_merge(units, admin, gone="A1", kept="A2"):
    """The request that the page makes, and its answer."""
    form = {"into": units[kept].pk, "on": TODAY.isoformat(), "reason": "网点优化"}
    return client_of(admin).post(f"/org/units/{units[gone].pk}/merge/", form), Approval.objects.last()


def test_a_merge_waits_for_a_second_person_and_runs_for_whoever_asked(units, admin):
    answer, request = asked_to_merge(units, admin)
    assert answer.url == f"/org/units/{units['A1'].pk}/"
    assert not Job.objects.filter(kind=MERGE).exists()
    assert "Waits for a second person" in client_of(admin).get(answer.url).content.decode()
    with pytest.raises(PermissionDenied):
        approvals.agree(approval_id=request.pk, by=scope_of(admin))
    second = scope_of(user_with_post("security_administrator", "bank", unit=units["HO"]))
    approvals.agree(approval_id=request.pk, by=second)
    job = Job.objects.get(kind=MERGE)
    assert (job.by, job.arguments["gone_id"], job.arguments["kept_id"]) == (admin, units["A1"].pk, units["A2"].pk)


def test_a_unit_has_one_request_to_merge_it_at_a_time(units, admin):
    asked_to_merge(units, admin)
    answer, _request = asked_to_merge(units, admin, kept="B1")
    assert answer.status_code == 422
    assert Approval.objects.count() == 1


def test_a_merge_that_cannot_be_any_more_stays_open_with_the_reason(units, admin, scope):
    _answer, request = asked_to_merge(units, admin)
    close_unit(pk=units["A2"].pk, on=TODAY, reason="撤并", by=scope, scope=scope)
    second = scope_of(user_with_post("security_administrator", "bank", unit=units["HO"]))
    with pytest.raises(ValidationError, match=r"is closed|已撤销"):
        approvals.agree(approval_id=request.pk, by=second)
    request.refresh_from_db()
    assert request.is_open
    assert not Job.objects.filter(kind=MERGE).exists()


def test_whoever_lost_the_right_meanwhile_merges_nothing(units, admin):
    _answer, request = asked_to_merge(units, admin)
    with as_owner():
        Post.objects.filter(user=admin).update(valid=DateRange(dt.date(2020, 1, 1), dt.date(2020, 2, 1)))
    second = scope_of(user_with_post("security_administrator", "bank", unit=units["HO"]))
    with pytest.raises(ValidationError, match=r"may not merge|无权合并"):
        approvals.agree(approval_id=request.pk, by=second)


def test_the_request_to_merge_says_what_would_move(units, admin):
    UserFactory(home_unit=units["A1"])
    _answer, request = asked_to_merge(units, admin)
    second = user_with_post("security_administrator", "bank", unit=units["HO"])
    page = client_of(second).get(f"/approvals/{request.pk}/").content.decode()
    assert "Users whose home it is" in page
    assert "Unit to be merged" in page
    assert units["A2"].label in page


@pytest.mark.parametrize(("users", "told"), [(0, "该机构名下没有需要转移的内容。"), (1, "所属用户 1")])
def test_the_log_of_a_merge_says_what_moved_and_that_alone(units, admin, users, told):
    UserFactory.create_batch(users, home_unit=units["A1"])
    which = {"gone_id": units["A1"].pk, "kept_id": units["A2"].pk, "on": TODAY.isoformat(), "reason": "撤并"}
    made = jobs.enqueue(MERGE, by=scope_of(admin), arguments=which)
    with as_owner():
        assert jobs.run(made.pk) == "done", Job.objects.get(pk=made.pk).problem
    made.refresh_from_db()
    assert [line.split(" ", 1)[1] for line in made.log] == [told]


def test_a_branch_head_reads_the_own_subtree_only(units):
    head = user_with_post("branch_head", "subtree", unit=units["A"])
    client = client_of(head)
    page = client.get("/org/units/").content.decode()
    assert "A1" in page
    assert "B1" not in page
    assert "New unit" not in page
    assert client.get(f"/org/units/{units['B1'].pk}/").status_code == 404
    assert client.get(f"/org/units/{units['A1'].pk}/edit/").status_code == 403


def test_the_tree_is_unfolded_to_what_is_searched_for_and_closed_units_come_on_request(units, admin, scope):
    close_unit(pk=units["B1"].pk, on=TODAY, reason="撤并", by=scope, scope=scope)
    client = client_of(admin)
    assert ">B1<" not in client.get("/org/units/").content.decode()  # a token may have these letters
    assert 'class="closed"' in client.get("/org/units/?state=all").content.decode()
    found = client.get("/org/units/?q=A2").content.decode()
    assert "<mark>A2</mark>" in found
    assert "<mark>A1</mark>" not in found
    closed = client.get("/org/units/?state=closed").content.decode()
    assert closed.count("<details open>") == 2  # HO and B, down to B1


def test_the_list_counts_users_posts_and_customers(units, admin):
    UserFactory(home_unit=units["A1"])
    page = client_of(admin).get("/org/units/list/?q=A1").content.decode()
    assert 'data-head="Users">1</td>' in page
