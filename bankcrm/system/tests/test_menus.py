"""The menu as the bank arranges it: order, names, who sees a line, links to other systems; never anybody's rights."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core import extensions
from bankcrm.core.models import AuditEvent
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post
from bankcrm.system.menus import actions, arranging, rules
from bankcrm.system.menus.rules import BadAddress, address_fault, with_number
from bankcrm.system.models import MenuLine
from bankcrm.workbench.menu import menu_of

pytestmark = pytest.mark.django_db
LINK = {
    "label_zh": "办公系统",
    "label_en": "Office",
    "url": "https://oa.bank.example/in?x=1",
    "parent": "",
    "icon": "world",
}


@pytest.fixture(autouse=True)
def _forgotten():
    arranging.forget()
    with override("en"):
        yield
    arranging.forget()


@pytest.fixture
def units():
    return tree({"HQ": {"EAST": {}, "WEST": {}}})


@pytest.fixture
def admin(units):
    return user_with_post("system_administrator", "bank", unit=units["HQ"])


@pytest.fixture
def manager(units):
    return user_with_post(unit=units["EAST"])


def set_line(admin, code, **values):
    scope = scope_of(admin)
    return actions.set_line(by=scope, scope=scope, code=code, values=values)


def lines_of(user):
    """module code -> codes of its lines, as the user's pages show them."""
    return {item.code: [line.code for line in item.children] for item in menu_of(scope_of(user)).lines}


def labels_of(user):
    return [str(one.label) for item in menu_of(scope_of(user)).lines for one in (item, *item.children)]


def test_a_line_gets_other_names_in_both_languages_and_an_icon(admin, manager):
    set_line(admin, "customers-mine", label_zh="我的客户们", label_en="Clients of mine", icon="star")
    assert "Clients of mine" in labels_of(manager)
    with override("zh-hans"):
        assert "我的客户们" in labels_of(manager)
    set_line(admin, "customers", label_zh="客", label_en="", icon="star")
    with override("en"):
        assert "Customers" in labels_of(manager)  # no English name of its own: the delivered one


def test_lines_and_modules_move_up_and_down_and_stay_at_the_ends(admin, manager):
    scope = scope_of(admin)
    everything = [one.code for one in arranging.everything(arranging.settings_now())]
    first, second = everything[:2]
    actions.move_line(by=scope, scope=scope, code=second, up=True)
    assert [one.code for one in arranging.everything(arranging.settings_now())][:2] == [second, first]
    actions.move_line(by=scope, scope=scope, code=second, up=True)
    actions.move_line(by=scope, scope=scope, code=second, up=False)
    assert [one.code for one in arranging.everything(arranging.settings_now())] == everything
    mine = lines_of(manager)["customers"]
    actions.move_line(by=scope, scope=scope, code=mine[0], up=False)
    assert lines_of(manager)["customers"].index(mine[0]) in (0, 1)
    assert lines_of(manager)["customers"] != mine or len(mine) == 1
    with pytest.raises(ValidationError):
        actions.move_line(by=scope, scope=scope, code="nothing", up=True)


def test_a_line_is_kept_to_roles_and_to_a_unit_and_those_below(admin, units, manager):
    west = user_with_post(unit=units["WEST"])
    head = user_with_post("branch_head", "subtree", unit=units["EAST"])
    set_line(admin, "customers-mine", roles=["relationship_manager"], unit=units["EAST"])
    assert "customers-mine" in lines_of(manager)["customers"]
    assert "customers-mine" not in lines_of(west).get("customers", [])
    assert "customers-mine" not in lines_of(head)["customers"]


def test_hiding_gives_and_takes_no_right(admin, manager):
    set_line(admin, "customers-mine", is_hidden=True)
    assert "customers-mine" not in lines_of(manager)["customers"]
    assert client_of(manager).get("/customers/mine/").status_code == 200
    set_line(admin, "system", label_en="All of it")
    assert "system" not in lines_of(manager)


def test_a_hidden_module_goes_with_its_lines_and_a_reset_brings_it_back(admin, manager):
    set_line(admin, "customers", is_hidden=True)
    assert "customers" not in lines_of(manager)
    scope = scope_of(admin)
    actions.reset_line(by=scope, scope=scope, code="customers")
    assert lines_of(manager)["customers"]
    with pytest.raises(MenuLine.DoesNotExist):
        actions.reset_line(by=scope, scope=scope, code="customers")


def test_the_page_that_arranges_the_menu_cannot_be_hidden(admin):
    with pytest.raises(ValidationError) as told:
        set_line(admin, "system-menus", is_hidden=True)
    assert set(told.value.message_dict) == {"is_hidden"}


def test_a_link_stands_in_its_module_and_opens_outside(admin, manager):
    set_line(admin, "link-a", **LINK | {"parent": "customers"})
    assert "link-a" in lines_of(manager)["customers"]
    page = client_of(manager).get("/customers/mine/").content.decode()
    assert 'href="https://oa.bank.example/in?x=1" target="_blank" rel="noopener noreferrer"' in page
    set_line(admin, "link-b", **LINK)
    assert "link-b" in lines_of(manager)


def test_a_link_hands_over_the_employee_number_and_nothing_else(admin, manager, units):
    made = set_line(admin, "link-a", **LINK | {"parameter": "emp", "unit": units["EAST"]})
    url = f"/system/menus/go/{made.pk}/"
    assert url in client_of(manager).get("/").content.decode()
    assert client_of(manager).get(url).url == f"https://oa.bank.example/in?x=1&emp={manager.username}"
    assert client_of(user_with_post(unit=units["WEST"])).get(url).status_code == 404
    plain = set_line(admin, "link-b", **LINK)
    assert client_of(manager).get(f"/system/menus/go/{plain.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://oa/x", None),
        ("https://oa.bank.example:8443/a?b=c#d", None),
        ("http://oa.bank.example/", BadAddress.SCHEME),
        ("javascript:alert(1)", BadAddress.SCHEME),
        ("JAVASCRIPT:alert(1)", BadAddress.SCHEME),
        ("data:text/html,x", BadAddress.SCHEME),
        ("//oa.bank.example", BadAddress.SCHEME),
        ("https://", BadAddress.HOST),
        ("https://a:99999/", BadAddress.HOST),
        ("https://me:secret@oa/", BadAddress.LOGIN),
        ("https://oa/ x", BadAddress.CHARACTERS),
        ('https://oa/"onclick=', BadAddress.CHARACTERS),
        ("https://oa\\@evil/", BadAddress.CHARACTERS),
    ],
)
def test_only_addresses_of_https_are_taken(url, fault):
    assert address_fault(url) is fault


@given(number=st.text(max_size=20), value=st.text(st.characters(codec="ascii"), max_size=10))
def test_the_number_cannot_change_where_a_link_leads(number, value):
    found = with_number("https://oa.bank.example/in?emp=1&y=2#top", "emp", number + value)
    assert found.startswith("https://oa.bank.example/in?y=2&emp=")
    assert found.endswith("#top")
    assert found.count("emp=") == 1 + (number + value).count("emp=") * 0 or "emp%3D" in found


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"parent": "customers-mine"}, "parent"),
        ({"parent": "nowhere"}, "parent"),
        ({"parameter": "a b"}, "parameter"),
        ({"icon": "skull"}, "icon"),
        ({"roles": ["king"]}, "roles"),
        ({"label_en": ""}, "label_en"),
    ],
)
def test_what_a_link_must_not_be_is_told_by_field_and_nothing_is_kept(admin, values, field):
    with pytest.raises(ValidationError) as told:
        set_line(admin, "link-a", **LINK | values)
    assert field in told.value.message_dict
    assert not MenuLine.objects.exists()


def test_the_page_shows_errors_and_keeps_what_was_typed(admin):
    client = client_of(admin)
    answer = client.post("/system/menus/new-link/", {**LINK, "url": "ftp://oa/"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "must begin with https://" in text
    assert "ftp://oa/" in text
    assert client.post("/system/menus/new-link/", LINK).status_code == 302
    assert MenuLine.objects.get().label_en == "Office"
    assert client.get("/system/menus/nothing/").status_code == 404


def test_every_change_is_on_record_and_shown_with_its_line(admin):
    client = client_of(admin)
    client.post("/system/menus/customers-mine/", {"label_en": "Mine", "label_zh": "我的", "roles": ["team_leader"]})
    client.post("/system/menus/customers-mine/move/", {"to": "down"})
    actions_taken = list(AuditEvent.objects.filter(object_id="customers-mine").values_list("action", flat=True))
    assert sorted(actions_taken) == ["menu.moved", "menu.set"]
    page = client.get("/system/menus/customers-mine/").content.decode()
    assert "English name: Mine" in page
    assert "Team leader" in page
    assert "Moved in the order" in page


def test_the_preview_shows_the_menu_of_a_role_at_a_unit(admin, units):
    set_line(admin, "customers-mine", label_en="Clients of mine", label_zh="我的客户们", unit=units["EAST"])
    client = client_of(admin)

    def preview(unit):
        text = client.get(f"/system/menus/?role=relationship_manager&unit={units[unit].pk}").content.decode()
        return text[text.index("menu-preview") :]

    assert "Clients of mine" in preview("EAST")
    assert "Clients of mine" not in preview("WEST")


def test_nobody_else_arranges_the_menu(manager):
    assert client_of(manager).get("/system/menus/").status_code == 403
    with pytest.raises(PermissionDenied):
        set_line(manager, "customers-mine", is_hidden=True)


def test_pages_do_not_ask_the_database_for_the_menu_again(admin, manager):
    set_line(admin, "customers-mine", label_en="Clients of mine", label_zh="我的客户们")
    scope = scope_of(manager)
    menu_of(scope)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert "Clients of mine" in [str(line.label) for item in menu_of(scope).lines for line in item.children]
    assert len(queries) == 0


def test_a_change_makes_another_menu_and_another_key(admin, manager):
    before = menu_of(scope_of(manager)).key
    set_line(admin, "customers-mine", label_en="Clients of mine", label_zh="我的客户们")
    assert menu_of(scope_of(manager)).key != before


def test_every_icon_of_the_menu_is_one_of_the_set():
    assert {entry.icon for entry in extensions.menu if entry.icon} - set(rules.ICONS) == set()
