"""A security administrator's day: a user with posts, delegation, a leaver, alerts and locks, and who may do what."""

import datetime as dt
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in

TODAY = dt.datetime.now(dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=8))).date()
NEW = "109901"


def day(ahead: int) -> str:
    return (TODAY + dt.timedelta(days=ahead)).isoformat()


def send(page: Page, name: str) -> None:
    page.locator("main form").get_by_role("button", name=name, exact=True).last.click()
    page.wait_for_load_state()


def section(page: Page, heading: str):
    return page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))


def choose(page: Page, field: str, text: str) -> None:
    value = page.locator(f"{field} option", has_text=text).first.get_attribute("value")
    page.locator(field).select_option(value)


def open_person(page: Page, number: str) -> None:
    page.goto(f"/org/users/?q={number}&state=all")
    page.locator("#people tbody a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(number)


def give_post(page: Page, role: str, begins: int, ends: int) -> None:
    page.get_by_role("link", name="授予岗位").click()
    page.locator("#id_role").select_option(role)
    choose(page, "#id_unit", "城东支行")
    page.locator("#id_data_scope").select_option("self")
    page.locator("#id_begins").fill(day(begins))
    page.locator("#id_ends").fill(day(ends))
    page.locator("#id_reason").fill("岗位轮换")
    send(page, "授予")


def test_a_user_is_added_gets_posts_with_dates_lends_one_and_leaves(page_as, bank):
    page = page_as("security_administrator")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="用户", exact=True).click()
    page.get_by_role("link", name="新增用户").click()
    page.get_by_label("工号").fill(NEW)
    page.locator("#id_name").fill("江一帆")
    page.locator("#id_name_en").fill("Jiang Yifan")
    choose(page, "#id_unit", "城东支行")
    send(page, "新增用户")
    password = page.locator("main code").inner_text()
    page.get_by_role("link", name="完成").click()
    expect(page.locator("main")).to_contain_text("没有岗位")

    give_post(page, "relationship_manager", 0, 90)
    give_post(page, "team_leader", 90, 180)
    posts = section(page, "岗位")
    expect(posts.locator("tr", has_text="客户经理")).to_contain_text("任职中")
    expect(posts.locator("tr", has_text="团队负责人")).to_contain_text("未生效")

    posts.locator("tr", has_text="客户经理").get_by_role("link", name="代理").click()
    page.locator("#id_delegate").fill("100482")
    page.locator("#id_ends").fill(day(5))
    page.locator("#id_reason").fill("年休假")
    send(page, "代理")
    expect(section(page, "代理")).to_contain_text("林晓")

    page.get_by_role("link", name="用户权限说明").click()
    choose(page, "#permission", "导出")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("main")).to_contain_text("客户经理")

    door = page_as(None)
    log_in(door, bank, NEW, password)
    expect(door.get_by_role("heading", name=re.compile("修改密码|更改密码"))).to_be_visible()

    open_person(page, NEW)
    page.get_by_role("link", name="停用").click()
    page.locator("#id_reason").fill("合同到期")
    send(page, "停用")
    expect(page.locator("dl.facts")).to_contain_text("已离职")
    log_in(door, bank, NEW, password)
    expect(door.get_by_text("工号或密码不正确")).to_be_visible()


def test_nobody_leaves_while_customers_are_theirs(page_as):
    page = page_as("security_administrator")
    page.watch.expect(422)
    open_person(page, "100517")
    page.get_by_role("link", name="停用").click()
    expect(page.locator("main")).to_contain_text("客户")
    page.locator("#id_reason").fill("离职")
    send(page, "停用")
    expect(page.locator(".errors, .form-errors").first).to_be_visible()
    open_person(page, "100517")
    expect(page.locator("dl.facts")).to_contain_text("在职")


def test_failed_logins_raise_an_alert_lock_and_are_looked_into(page_as, bank, sessions):
    door = page_as(None)
    door.watch.expect(403, 429)
    for _attempt in range(5):
        log_in(door, bank, "100215", "Wrong-Password-1")
        door.wait_for_load_state()
    page = page_as("security_administrator")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="锁定账户").click()
    line = page.locator("tbody tr", has_text="100215")
    line.get_by_role("textbox").fill("本人来电，已核实")
    line.get_by_role("button", name="解锁").click()
    expect(page.locator("tbody tr", has_text="100215")).to_have_count(0)
    log_in(door, bank, "100215")
    expect(door.locator("#rail")).to_be_attached()

    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="登录警示").click()
    page.locator("#login-alerts tbody tr", has_text="100215").first.get_by_role("link").click()
    page.locator("#id_note").fill("本人输错，已核实")
    page.get_by_role("button", name="已核查").click()
    page.wait_for_load_state()
    page.goto("/system/logins/?state=all&user=100215")
    expect(page.locator("#login-alerts tbody")).to_contain_text("本人输错，已核实")
    page.locator("#login-alerts tbody a").first.click()
    page.locator("form[action*=end-sessions] [name=reason]").fill("设备交接")
    page.get_by_role("button", name="结束该用户全部会话").click()
    sessions.pop("100215", None)  # what other journeys kept is over, too
    door.goto("/")
    expect(door.get_by_role("heading", name="登录")).to_be_visible()


def test_the_matrix_says_which_role_may_what_and_a_page_says_why_somebody_may_not(page_as):
    page = page_as("security_administrator")
    page.goto("/org/roles/")
    row = page.locator("tbody tr", has_text="customers.reveal").first
    expect(row.get_by_role("img", name="是")).not_to_have_count(0)
    page.locator("thead").get_by_role("link", name="审计员").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("审计员")
    open_person(page, "100482")
    page.get_by_role("link", name="用户权限说明").click()
    page.locator("#address").fill("/system/audit/")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("main")).to_contain_text("否")
