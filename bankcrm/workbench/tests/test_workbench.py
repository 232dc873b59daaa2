"""The landing page, the frame, and the switches of the user menu."""

import datetime as dt
import re

import pytest

from bankcrm.alerts.queries import desk
from bankcrm.core import dates, extensions
from bankcrm.core.models import AuditEvent
from bankcrm.customers.tests.factories import TODAY, CoverageFactory, CustomerFactory, TaskFactory
from bankcrm.org.models import User
from bankcrm.org.roles import ROLES
from bankcrm.org.tests.factories import PostFactory, scope_of, tree, user_with_post
from bankcrm.workbench import actions
from bankcrm.workbench.menu import Menu

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with dates.clock_at(TODAY):
        yield


@pytest.fixture
def units():
    return tree({"HQ": {"B1": {}, "B2": {}}})


def cards_of(page):
    return [card.code for card, _context in page.context["cards"]]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_lands_on_a_page_without_dead_ends(client, units, role):
    client.force_login(user_with_post(role, "bank", unit=units["HQ"]))
    page = client.get("/")
    assert page.status_code == 200
    for address in {*_links(page.content.decode())}:
        assert client.get(address).status_code == 200, (role, address)


def _links(text):
    import re

    return [link for link in re.findall(r'href="(/[^"]*)"', text) if not link.startswith("/static/")]


def test_an_administrator_sees_no_customers_and_an_operator_sees_loads(client, units):
    client.force_login(user_with_post("system_administrator", "bank", unit=units["HQ"]))
    page = client.get("/")
    assert "customers" not in cards_of(page)
    assert "/customers/" not in page.content.decode()
    client.force_login(user_with_post("it_operator", "bank", unit=units["HQ"]))
    assert cards_of(client.get("/")) == ["loads"]


def test_each_number_opens_the_list_that_gives_it(client, units):
    head = user_with_post("branch_head", "subtree", unit=units["B1"])
    CustomerFactory.create_batch(3, owning_unit=units["B1"])
    covered = CustomerFactory(owning_unit=units["B1"], is_covered=True)
    CoverageFactory(customer=covered, user=head)
    CustomerFactory(owning_unit=units["B2"])
    client.force_login(head)
    page = client.get("/")
    card = next(context for card, context in page.context["cards"] if card.code == "customers")
    assert [number.number for _label, number, _url in card["figures"]] == [1, 0, 1, 4, 3, 0]
    for _label, number, url in card["figures"]:
        assert client.get(url).context["count"] == number


def test_tasks_are_ones_own_open_ones_the_most_urgent_first(units):
    user = user_with_post("relationship_manager", "self", unit=units["B1"])
    now = dates.now()
    late = TaskFactory(assignee=user, title="昨天", due_at=now - dt.timedelta(days=1))
    soon = TaskFactory(assignee=user, title="今晚", due_at=now + dt.timedelta(hours=1))
    TaskFactory(assignee=user, title="后天", due_at=now + dt.timedelta(days=2))
    TaskFactory(assignee=user, status="done", closed_at=now)
    TaskFactory()
    scope = scope_of(user)
    assert [line.task.title for line in desk.own_lines(scope)] == ["昨天", "今晚", "后天"]
    assert [line.is_late for line in desk.own_lines(scope)] == [True, False, False]
    assert desk.tasks_due(scope) == 2
    assert late.pk != soon.pk


def test_the_customer_of_a_task_that_has_left_the_scope_loses_name_and_link(client, units):
    user = user_with_post("relationship_manager", "self", unit=units["B1"])
    gone = CustomerFactory(owning_unit=units["B2"], name="欧阳建国")
    TaskFactory(assignee=user, customer=gone)
    line = desk.own_lines(scope_of(user))[0]
    assert (line.customer_name, line.number) == ("欧***", "")
    client.force_login(user)
    text = client.get("/tasks/").content.decode()
    assert gone.number not in text
    assert "欧阳建国" not in text


def test_the_frame_names_unit_role_and_data_date_and_offers_other_posts(client, units):
    user = user_with_post("branch_head", "subtree", unit=units["B1"])
    PostFactory(user=user, unit=units["B2"], role="branch_head", data_scope="subtree")
    client.force_login(user)
    text = client.get("/").content.decode()
    assert "B1 · 支行行长" in text
    assert "B2 · 支行行长" in text
    assert "尚无数据" in text
    assert re.search(f'data-text="{user.username} {user.name} [^"]+ 2026-11-23', text)  # who, at which unit, when


def test_the_menus_line_of_a_page_stands_out(client, units):
    client.force_login(user_with_post("branch_head", "subtree", unit=units["B1"]))
    frame = client.get("/customers/mine/").context["frame"]
    module = next(item for item in frame.menu if item.code == "customers")
    assert module.is_active
    assert [line.is_active for line in module.children if line.code in {"customers-mine", "customers-all"}] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "/"),
        ("/customers/", "/customers/"),
        ("/customers/mine/", "/customers/mine/"),
        ("/customers/61000000017/basic/", "/customers/"),
        ("/other/", ""),
    ],
)
def test_a_page_belongs_to_the_nearest_line_of_the_menu(path, expected):
    assert Menu("", (), ["/", "/customers/", "/customers/mine/"]).nearest(path) == expected


def rail_of(client, user, path="/"):
    client.force_login(user)
    return re.search(r'<nav class="rail".*?</nav>', client.get(path).content.decode(), re.S)[0]


def test_a_menu_that_is_kept_is_that_of_the_post_the_page_and_the_language(client, units):
    head = user_with_post("branch_head", "subtree", unit=units["B1"])
    operator = user_with_post("it_operator", "bank", unit=units["HQ"])
    rail = rail_of(client, head)
    assert "/customers/" in rail
    assert "/customers/" not in rail_of(client, operator)
    assert rail_of(client, head) == rail
    assert rail_of(client, head, "/customers/") != rail, "another line stands out"
    client.cookies["bankcrm_language"] = "en"
    assert "All customers" in rail_of(client, head)


def test_a_menu_that_is_kept_gets_a_line_that_an_app_adds(client, units):
    user = user_with_post("branch_head", "subtree", unit=units["B1"])
    assert "Pets" not in rail_of(client, user)
    extensions.menu.register(extensions.MenuEntry("pets", "Pets", "paw", url_name="core:jobs"))
    try:
        assert "Pets" in rail_of(client, user)
    finally:
        extensions.menu.unregister("pets")
    assert "Pets" not in rail_of(client, user)


def test_another_app_can_put_a_card_on_the_landing_page(client, units):
    card = extensions.WorkbenchCard(
        "extra", "额外", "customers/_workbench_card.html", lambda scope: {"figures": [("个数", 42, "/")]}
    )
    silent = extensions.WorkbenchCard("silent", "无", "customers/_workbench_card.html", lambda scope: None)
    extensions.workbench_cards.register(card)
    extensions.workbench_cards.register(silent)
    try:
        client.force_login(user_with_post("it_operator", "bank", unit=units["HQ"]))
        page = client.get("/")
        assert "42" in page.content.decode()
        assert "silent" not in cards_of(page)
    finally:
        extensions.workbench_cards.unregister("extra")
        extensions.workbench_cards.unregister("silent")


# Preferences --------------------------------------------------------------------------------------------------------


def test_preferences_are_kept_with_the_user_and_recorded(units):
    user = user_with_post()
    scope = scope_of(user)
    actions.set_preferences(by=user, scope=scope, money_unit="1", rise_is_red=False)
    found = User.objects.get(pk=user.pk)
    assert (found.money_unit, found.rise_is_red) == ("1", False)
    event = AuditEvent.objects.get(action="user.preferences")
    assert event.before == {"money_unit": "10000", "rise_is_red": True}
    actions.set_preferences(by=found, scope=scope, money_unit="1")
    assert AuditEvent.objects.filter(action="user.preferences").count() == 1


@pytest.mark.parametrize("wanted", [{"money_unit": "7"}, {"language": "fr"}])
def test_a_choice_that_there_is_not_is_refused(units, wanted):
    user = user_with_post()
    with pytest.raises(ValueError):
        actions.set_preferences(by=user, scope=scope_of(user), **wanted)
    assert not AuditEvent.objects.exists()


def test_the_colours_can_be_turned_round(client):
    client.force_login(user_with_post())
    assert 'data-rise="red"' in client.get("/").content.decode()
    client.post("/preferences/", {"rise_is_red": "0"})
    assert 'data-rise="green"' in client.get("/").content.decode()


def test_the_language_stays_with_user_and_browser_also_before_login(client):
    user = user_with_post()
    answer = client.post("/language/", {"language": "en", "next": "/account/login/"})
    assert answer.url == "/account/login/"
    assert "Log in" in client.get("/account/login/").content.decode()
    client.force_login(user)
    client.post("/language/", {"language": "zh-hans"})
    assert User.objects.get(pk=user.pk).language == "zh-hans"
    assert "工作台" in client.get("/").content.decode()
    assert client.post("/language/", {"language": "fr"}).status_code == 400


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_switch_leads_to_no_other_host(client, target):
    client.force_login(user_with_post())
    assert client.post("/preferences/", {"money_unit": "1", "next": target}).url == "/"


def test_pages_keep_the_strict_policy_and_ask_no_other_host(client, units):
    client.force_login(user_with_post("branch_head", "subtree", unit=units["B1"]))
    page = client.get("/customers/")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    text = page.content.decode()
    assert "http://" not in text
    assert "https://" not in text
    assert " style=" not in text


@pytest.mark.parametrize("address", ["/customers/99999999999/", "/nowhere/"])
def test_what_is_not_there_gets_a_page_that_says_what_to_do(client, units, address):
    client.force_login(user_with_post("branch_head", "subtree", unit=units["B1"]))
    page = client.get(address)
    assert page.status_code == 404
    assert "数据权限" in page.content.decode()


def test_what_is_not_allowed_gets_a_page_that_says_what_to_do(client, units):
    client.force_login(user_with_post("it_operator", "bank", unit=units["HQ"]))
    page = client.get("/customers/")
    assert page.status_code == 403
    assert "切换岗位" in page.content.decode()
