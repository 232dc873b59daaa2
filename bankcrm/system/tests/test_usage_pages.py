"""The pages of usage: whose figures a reader sees, who does not use the system, and the file."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from bankcrm.core import audit, dates
from bankcrm.core.models import AuditEvent, ExportRecord, StoredFile
from bankcrm.core.scope import ScopeMissing
from bankcrm.core.testing import as_owner
from bankcrm.org.models import User
from bankcrm.org.tests.factories import PostFactory, UserFactory, client_of, scope_of, tree, user_with_post
from bankcrm.system.tests.test_usage import URL, count, figures
from bankcrm.system.tests.test_usage_audit import seal
from bankcrm.system.usage import queries
from bankcrm.system.usage.actions import fold_audit
from bankcrm.system.usage.periods import Period
from bankcrm.system.usage.queries import Wanted
from bankcrm.system.usage_models import Usage

pytestmark = pytest.mark.django_db
TODAY = dates.today()
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def units():
    return tree({"HO": {"A": {"A1": {}, "A2": {}}, "B": {"B1": {}}}})


@pytest.fixture
def head_of_a(units):
    return user_with_post("branch_head", "subtree", unit=units["A"])


def wanted(**narrowed):
    return Wanted(Period.of(TODAY, "day"), **narrowed)


def lines(scope, by="unit", **narrowed):
    return {line.note or line.key: line.figures.views for line in queries.table(scope, wanted(**narrowed), by).lines}


def page(user, address=URL, status=200):
    answer = client_of(user).get(address, headers=ENGLISH)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_branch_head_sees_the_own_subtree_and_nothing_else(units, head_of_a):
    ann, bob = UserFactory(name_en="Ann Of A"), UserFactory(name_en="Bob Of B")
    count(ann, units["A1"], TODAY, views=3)
    count(ann, units["B1"], TODAY, views=30)  # the same person elsewhere
    count(bob, units["B1"], TODAY, views=300)
    scope = scope_of(head_of_a)
    assert figures(scope, day=TODAY).views == 3
    assert lines(scope) == {"A1": 3}
    assert [line.user_id for line in queries.table(scope, wanted(), "user").lines] == [ann.pk]
    with pytest.raises(User.DoesNotExist):
        queries.person(scope, bob.pk)
    assert queries.person(scope, ann.pk) == ann
    assert figures(scope, day=TODAY, user_id=ann.pk).views == 3
    assert lines(scope, unit=units["B"]) == {}  # a unit that is not theirs, however it was named
    text = page(head_of_a, f"{URL}?unit=B", 422)  # as one that there is not
    assert "300" not in text


def test_units_are_counted_with_those_below_them_and_can_be_looked_into(units):
    user = UserFactory(home_unit=units["A1"])
    for code, views in {"HO": 1, "A": 2, "A1": 4, "A2": 8, "B1": 16}.items():
        count(user, units[code], TODAY, views=views)
    scope = scope_of(user_with_post("system_administrator", "bank", unit=units["HO"]))
    assert lines(scope) == {"HO": 1, "A": 14, "B": 16}
    assert lines(scope, unit=units["A"]) == {"A": 2, "A1": 4, "A2": 8}
    keys = {line.note: line.key for line in queries.table(scope, wanted(unit=units["A"]), "unit").lines}
    assert keys == {"A": "", "A1": "", "A2": ""}
    assert {line.key for line in queries.table(scope, wanted(), "unit").lines} == {"", "A", "B"}


def test_usage_cannot_be_read_without_a_scope_nor_without_the_permission(units):
    with pytest.raises(ScopeMissing):
        list(Usage.objects.all())
    manager = scope_of(user_with_post(unit=units["A"]))
    for read in (queries.trend, queries.idle_users, lambda *given: queries.table(*given, "unit")):
        with pytest.raises(PermissionDenied):
            read(manager, wanted())


def test_who_does_not_use_it_is_at_work_with_a_post_and_silent(units, head_of_a):
    a1, today = units["A1"], TODAY
    silent, never, busy, browsing, elsewhere, gone, coming, without = (UserFactory(home_unit=a1) for _ in range(8))
    for user in (silent, never, busy, browsing, elsewhere, gone):
        PostFactory(user=user, unit=a1)
    PostFactory(user=coming, unit=a1, valid=DateRange(today + dt.timedelta(days=1), None))
    with as_owner():
        User.objects.filter(pk=gone.pk).update(left_on=today)
        User.objects.filter(pk=silent.pk).update(last_login=timezone.now() - dt.timedelta(days=9))
    count(browsing, a1, today, views=1)
    count(elsewhere, units["B1"], today, views=1)  # used it, though at a unit that this reader does not see
    audit.record("login.done", by=scope_of(busy))
    count(head_of_a, units["A"], today, views=1)
    seal()
    fold_audit()
    user_with_post(unit=units["B1"])  # silent, but another branch's
    found = queries.idle_users(scope_of(head_of_a), wanted())
    assert list(found) == [never, silent]
    assert without not in found
    assert [line.days for line in queries.idle_lines(list(found))] == [None, 9]
    assert not queries.idle_users(scope_of(head_of_a), wanted(role="team_leader")).exists()
    text = page(head_of_a, f"{URL}?grain=day&by=idle")
    assert silent.username in text
    assert "2 users" in text


@pytest.mark.parametrize("by", ["unit", "role", "user", "function", "idle"])
def test_a_bank_that_has_counted_nothing_says_so(by):
    text = page(user_with_post("auditor", "bank"), f"{URL}?grain=month&by={by}")
    assert "Nothing was counted" in text
    assert "No request was slow" in text


def test_the_page_tells_functions_by_their_names_in_both_languages(units):
    admin = user_with_post("system_administrator", "bank", unit=units["HO"])
    count(admin, units["HO"], TODAY, role="system_administrator", function="customer-page", views=1, slow=1, worst=9000)
    assert "Customer page" in page(admin, f"{URL}?by=function")
    chinese = client_of(admin, "zh-hans").get(f"{URL}?by=function").content.decode()
    assert "客户视图" in chinese
    assert ">customer-page" not in chinese


@pytest.mark.parametrize(
    ("query", "status"),
    [("on=2999-01-01", 422), ("on=gibberish", 422), ("grain=year", 422), ("by=customer", 422), ("unit=NOWHERE", 422)],
)
def test_what_cannot_be_shown_is_refused_with_the_reason(query, status):
    text = page(user_with_post("auditor", "bank"), f"{URL}?{query}", status)
    assert "errors" in text  # beside the field, or above all


def test_looking_at_persons_is_on_record(units, head_of_a):
    ann = user_with_post(unit=units["A1"])
    page(head_of_a, f"{URL}?by=unit")
    assert not AuditEvent.objects.filter(action="usage.read").exists()
    page(head_of_a, f"{URL}?by=user")
    assert ann.username in page(head_of_a, f"{URL}people/{ann.pk}/?grain=day")
    seen = AuditEvent.objects.filter(action="usage.read").order_by("id")
    assert [(one.object_id, one.user_id) for one in seen] == [("", head_of_a.pk), (str(ann.pk), head_of_a.pk)]
    stranger = user_with_post(unit=units["B1"])
    page(head_of_a, f"{URL}people/{stranger.pk}/", 404)


def test_the_file_has_the_table_with_purpose_and_code(units, head_of_a, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    ann = UserFactory(name_en="=Anna", home_unit=units["A1"])
    count(ann, units["A1"], TODAY, views=3, requests=4, milliseconds=400, worst=200)
    count(UserFactory(), units["B1"], TODAY, views=5)
    client = client_of(head_of_a)
    given = {"query": "grain=day&by=user", "format": "csv", "purpose_code": "", "purpose": ""}
    assert client.post(f"{URL}export/", given).status_code == 422
    given |= {"purpose_code": "report", "purpose": "Monthly meeting"}
    answer = client.post(f"{URL}export/", given)
    assert answer.status_code == 200, answer.content.decode()
    record = ExportRecord.objects.get()
    assert (record.list_code, record.rows, record.names_customers) == ("system.usage", 1, False)
    stored = StoredFile.objects.get()
    text = (tmp_path / stored.path).read_text(encoding="utf-8-sig")
    assert f"'=Anna,{ann.username},1,0,3,0,0,0,0,4,100,200,0,0" in text.replace("\r", "")


def test_the_file_of_the_silent_names_them(units, head_of_a, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    ann = user_with_post(unit=units["A1"])
    given = {"query": "by=idle", "format": "csv", "purpose_code": "report", "purpose": "Training"}
    assert client_of(head_of_a).post(f"{URL}export/", given).status_code == 200
    text = (tmp_path / StoredFile.objects.get().path).read_text(encoding="utf-8-sig")
    assert ann.username in text


def test_from_the_running_week_the_days_lead_to_today_and_from_a_past_one_to_its_monday(head_of_a):
    assert 'href="?grain=day"' in page(head_of_a)
    assert 'href="?grain=day&amp;on=2026-01-05"' in page(head_of_a, f"{URL}?grain=week&on=2026-01-08")
