import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.core import dates
from bankcrm.core.permissions import permission, permissions
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.org.clearance import ALL, NAME, OWN, PROFILE, clearance, may_see_plain
from bankcrm.org.models import User
from bankcrm.org.queries import active_posts, scope_for, unit_path
from bankcrm.org.roles import ROLES, permissions_of
from bankcrm.org.tests.factories import LONG_AGO, PostFactory, TeamFactory, UserFactory, scope_of, tree, user_with_post

MACHINERY = ["system_administrator", "security_administrator", "it_operator"]


def test_every_permission_of_a_role_is_registered():
    assert {code for role in ROLES.values() for code in role.permissions} <= set(permissions())


def test_every_permission_is_held_by_some_role():
    assert set(permissions()) - {code for role in ROLES.values() for code in role.permissions} == set()


@pytest.mark.parametrize("role", MACHINERY)
def test_who_runs_the_machinery_sees_no_customers(role):
    assert not ROLES[role].sees_customers
    assert not any(code.startswith("customers.") for code in ROLES[role].permissions)


def test_the_auditor_reads_everything_about_customers_and_writes_nothing():
    held = {code: known for code, known in permissions().items() if code in ROLES["auditor"].permissions}
    assert not any(known.writes for known in held.values())
    assert "audit.view" in held


def test_who_administers_does_not_audit_and_the_other_way_round():
    assert "audit.view" not in ROLES["system_administrator"].permissions
    assert not {"org.users", "system.parameters"} & ROLES["auditor"].permissions
    assert not {"system.parameters"} & ROLES["security_administrator"].permissions


def test_an_unknown_role_may_do_nothing():
    assert permissions_of("emperor") == frozenset()


def test_a_permission_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        permission("customers.view", "Something else")


def test_a_throw_away_role_decides_by_its_permissions_alone():
    scope = Scope(1, "x", permissions=frozenset({"customers.view"}))
    scope.require("customers.view")
    with pytest.raises(PermissionDenied):
        scope.require("customers.edit")
    assert Scope.system(because="test").may("customers.edit")


@pytest.mark.parametrize(
    ("role", "relation", "plain"),
    [
        ("relationship_manager", "own", OWN),
        ("relationship_manager", "in_scope", {"person_name"}),
        ("relationship_manager", "none", set()),
        ("product_manager", "in_scope", set()),
        (
            "data_steward",
            "in_scope",
            ALL,
        ),
        ("call_centre", "in_scope", set()),
        ("call_centre", "verified", {"person_name"}),
        ("auditor", "verified", NAME | PROFILE),
        ("auditor", "in_scope", NAME | PROFILE),
        ("it_operator", "own", set()),
    ],
)
def test_what_is_plain_to_whom(role, relation, plain):
    scope = Scope(1, "x", role=role)
    assert clearance(scope, relation).plain_classes == plain
    assert may_see_plain(scope, "id_number", relation) is ("id_number" in plain)


@pytest.mark.django_db
class TestScopeOfAPost:
    def test_unit_and_subtree_and_bank(self):
        units = tree({"HO": {"A": {"A1": {}}, "B": {}}})
        unit = units["A"]
        ranges = {}
        for data_scope in ("self", "unit", "subtree", "bank"):
            scope = scope_of(user_with_post("branch_head", data_scope, unit=unit))
            ranges[data_scope] = (scope.ranges, scope.is_bank)
        assert ranges == {
            "self": ((), False),
            "unit": (((unit.no, unit.no + 1),), False),
            "subtree": (((unit.no, unit.no_end),), False),
            "bank": ((), True),
        }

    def test_a_team_post_counts_the_team_s_customers_as_its_own(self):
        team = TeamFactory()
        member, leaver, other = UserFactory(), UserFactory(), UserFactory()
        PostFactory(user=member, team=team)
        PostFactory(user=leaver, team=team, valid=DateRange(LONG_AGO, dates.today()))
        PostFactory(user=other)
        leader = user_with_post("team_leader", "team", team=team)
        assert scope_of(leader).coverage_user_ids == tuple(sorted([leader.pk, member.pk]))

    def test_a_post_narrowed_to_a_line(self):
        assert scope_of(user_with_post("branch_head", "unit", business_line="retail")).lines == ("retail",)

    def test_only_posts_of_today_are_held(self):
        user = UserFactory()
        today = dates.today()
        ended = PostFactory(user=user, role="auditor", valid=DateRange(LONG_AGO, today))
        PostFactory(user=user, role="call_centre", valid=DateRange(today + dt.timedelta(days=1), None))
        now = PostFactory(user=user, role="branch_head", valid=DateRange(today, today + dt.timedelta(days=1)))
        assert list(active_posts(user)) == [now]
        assert ended.role == "auditor"

    def test_the_scope_belongs_to_one_post_not_to_all(self):
        user = user_with_post("relationship_manager", "self")
        PostFactory(user=user, role="auditor", data_scope="bank")
        scope = scope_of(user)
        assert not scope.is_bank
        assert not scope.may("audit.view")

    @pytest.mark.parametrize("change", [{"is_active": False}, {"left_on": dt.date(2020, 1, 1)}])
    def test_who_has_left_sees_nothing(self, change):
        user = user_with_post("auditor", "bank")
        with as_owner():
            User.objects.filter(pk=user.pk).update(**change)
        user.refresh_from_db()
        assert scope_for(user, user.posts.get()).permissions == frozenset()
        assert not scope_for(user, user.posts.get()).is_bank

    def test_a_scope_costs_few_queries(self, django_assert_max_num_queries):
        user = user_with_post("team_leader", "team", team=TeamFactory())
        with django_assert_max_num_queries(2):
            scope_for(user, active_posts(user).first())

    def test_the_way_up_the_tree(self):
        units = tree({"HO": {"A": {"A1": {}}, "B": {}}})
        assert unit_path(units["A1"].pk) == (units["A1"].pk, units["A"].pk, units["HO"].pk)
        assert unit_path(0) == ()


def test_every_group_of_permissions_has_a_name():
    from bankcrm.org.role_queries import SUBJECTS

    assert {code.partition(".")[0] for code in permissions()} == set(SUBJECTS)


def test_every_kind_of_personal_data_has_a_name():
    from bankcrm.core.masking import CLASSES, PLAIN_CLASSES, SECRET_CLASSES
    from bankcrm.org.class_names import CLASS_LABELS

    assert set(CLASS_LABELS) == CLASSES - PLAIN_CLASSES - SECRET_CLASSES
