"""A relationship manager's day: find a customer, open it, correct a field, log a visit, do what was planned."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from pypinyin import Style, lazy_pinyin

NUMBER = re.compile(r"/customers/(\d{11})/")


def first_person(page: Page) -> str:
    """The name of a person among one's own customers: the first that nobody else's initials could be."""
    page.goto("/customers/mine/?kind=person")
    return page.locator("tbody .lead-cell a, tbody td a").first.inner_text()


def find(page: Page, needle: str, name: str) -> None:
    """Ctrl-K, the needle, and the hit of that name by keyboard."""
    page.keyboard.press("Control+k")
    box = page.locator("#search-host input[type=search]")
    expect(box).to_be_focused()
    box.fill(needle)
    hit = page.locator("#search-results a.hit", has_text=name).first
    expect(hit).to_be_visible()
    expect(page.locator("#search-results a.hit.on")).to_have_count(1)
    while not hit.evaluate("hit => hit.classList.contains('on')"):
        box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(NUMBER)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_second_login_says_when_the_last_one_was(page_as, language):
    page_as("100517", fresh=True)
    page = page_as("100517", fresh=True)
    expect(
        page.get_by_text(re.compile(r"您上次登录：20\d\d-\d\d-\d\d \d\d:\d\d|上次登录.*20\d\d-\d\d-\d\d")).first
    ).to_be_visible()
    expect(page.locator("footer.foot")).to_contain_text("127.0.0.1")
    if language == "en":
        page.get_by_role("button", name="EN", exact=True).click()
        expect(page.locator("footer.foot")).to_contain_text(
            re.compile(r"Last login 20\d\d-\d\d-\d\d \d\d:\d\d from 127")
        )
        page.get_by_role("button", name="中文", exact=True).click()
        expect(page.locator("footer.foot")).to_contain_text("上次登录")


def test_finds_a_customer_by_initials_and_opens_it_with_the_keyboard(page_as):
    page = page_as("relationship_manager")
    name = first_person(page)
    find(page, "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)), name)
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_says_so_when_a_needle_finds_nothing(page_as):
    page = page_as("relationship_manager")
    page.keyboard.press("Control+k")
    page.locator("#search-host input[type=search]").fill("zzzzqq")
    expect(page.locator("#search-results")).to_contain_text("没有找到")


def test_corrects_a_field_with_a_reason_and_sees_it_in_the_history(page_as):
    page = page_as("relationship_manager")
    find(page, first_person(page), "")
    page.get_by_role("link", name="基本信息").click()
    page.get_by_role("link", name="更正 工作单位").click()
    panel = page.get_by_role("dialog", name="工作单位")
    panel.get_by_label("工作单位").fill("江州第一中学")
    panel.get_by_role("button", name="更正").click()
    reason = panel.get_by_label("原因").first  # a correction of another journey may have its release below
    expect(reason).to_be_focused()  # required: nothing was sent
    reason.fill("客户面谈时出示工作证")
    panel.get_by_role("button", name="更正").click()
    line = page.locator("tr", has=page.get_by_role("rowheader", name="工作单位"))
    expect(line).to_contain_text("江州第一中学")
    expect(line).to_contain_text("人工更正")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="变更历史").click()
    event = page.locator(".due.event").first
    expect(event).to_contain_text("江州第一中学")
    expect(event).to_contain_text("客户面谈时出示工作证")
    expect(event).to_contain_text("林晓")


def test_logs_a_visit_plans_the_next_step_and_does_it(page_as):
    page = page_as("relationship_manager")
    find(page, first_person(page), "")
    page.watch.expect(422)  # a form that comes back
    page.get_by_role("link", name="登记联络").first.click()
    panel = page.get_by_role("dialog", name="登记联络")
    panel.get_by_label("类型").select_option(label="拜访")
    panel.get_by_label("主题").fill("上门介绍大额存单")
    panel.get_by_label("备注").fill("客户有意转存，需与家人商量")
    panel.get_by_role("textbox", name="下一步", exact=True).fill("回访转存意向")
    panel.get_by_role("button", name="保存").click()
    expect(panel.get_by_role("alert")).to_be_visible()  # a next step needs its time
    due = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=3)).replace(hour=9, minute=30)
    panel.get_by_label("下一步时间").fill(f"{due:%Y-%m-%dT%H:%M}")
    panel.get_by_role("button", name="保存").click()
    expect(page.locator("#panel-host.open")).to_have_count(0)
    page.get_by_role("link", name=re.compile("联络与待办")).click()
    expect(page.locator(".due.contact").first).to_contain_text("上门介绍大额存单")
    expect(page.get_by_text("回访转存意向").first).to_be_visible()
    page.goto("/tasks/")
    row = page.get_by_role("row", name=re.compile("回访转存意向"))
    expect(row).to_contain_text(f"{due:%m-%d %H:%M}")
    row.locator("td").nth(1).get_by_role("link").click()
    page.get_by_role("link", name="关闭待办: 回访转存意向").click()
    panel = page.locator("#panel-host .panel")
    panel.get_by_label("结果").select_option(label="客户已同意")
    panel.get_by_label("备注").fill("客户已转存")
    panel.get_by_role("button", name="已完成").click()
    expect(page.locator("section.card", has_text="已关闭")).to_contain_text("客户已转存")
    page.goto("/tasks/")
    expect(page.get_by_text("回访转存意向")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_makes_a_contact_plan_and_ends_it(page_as, language):
    make, end, none, rhythm, save, reason = {
        "zh-hans": ("制定计划", "终止计划", "没有联络计划", "每两周", "保存", "原因"),
        "en": ("Make a plan", "End the plan", "No contact plan", "Every two weeks", "Save", "Reason"),
    }[language]
    page = page_as("relationship_manager", language=language)
    page.goto("/customers/mine/?kind=person")
    page.locator("tbody .lead-cell a, tbody td a").nth(1).click()
    page.wait_for_url(NUMBER)
    page.goto(f"/customers/{NUMBER.search(page.url)[1]}/contacts/")
    page.get_by_role("link", name=make).click()
    panel = page.get_by_role("dialog")
    panel.locator("select[name=every_days]").select_option(label=rhythm)
    panel.get_by_role("button", name=save).click()
    expect(page.locator("#panel-host.open")).to_have_count(0)
    expect(page.locator("section.card", has_text=rhythm)).to_be_visible()
    page.get_by_role("link", name=end).click()
    panel.get_by_label(reason).fill("客户要求")
    panel.get_by_role("button").last.click()
    expect(page.get_by_text(none)).to_be_visible()
