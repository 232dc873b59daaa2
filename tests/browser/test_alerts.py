"""From the card of alerts to a closed task, and a rule that a branch head changes."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open


def test_a_manager_goes_from_the_card_to_the_customer_and_closes_the_task(page_as: Open) -> None:
    page = page_as("branch_head")  # covers by being the head: gets what has no lead manager
    page.goto("/")
    card = page.get_by_role("region", name="提醒")
    number = card.locator(".v a").first
    expect(number).to_be_visible(timeout=60_000)  # the job runs after the load
    count = number.inner_text()
    number.click()
    expect(page.locator(".pager")).to_contain_text(count)
    page.goto("/tasks/")
    before = page.get_by_text(re.compile("未办 .* 项")).inner_text()
    page.get_by_role("row").filter(has=page.get_by_role("link", name="办结")).first.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/customers/[0-9]{11}/contacts/"))
    page.go_back()
    page.get_by_role("link", name="办结").first.click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("结果").select_option(label="已告知客户")
    panel.get_by_label("备注").fill("已电话告知")
    panel.get_by_role("button", name="已完成").click()
    expect(page.get_by_role("status")).to_contain_text("待办")
    expect(page.get_by_text(re.compile("未办 .* 项"))).not_to_have_text(before)


def test_a_branch_head_changes_a_rule_and_takes_it_back(page_as: Open) -> None:
    page = page_as("branch_head", language="en")
    page.goto("/alerts/rules/")
    row = page.get_by_role("row").filter(has_text="Birthday")
    for days in ("9", ""):
        row.get_by_role("link", name="Change").click()
        panel = page.get_by_role("dialog")
        panel.get_by_label("Days ahead").fill(days)
        panel.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status")).to_contain_text("The rule is set")
        expected = re.compile("Days ahead: 9 set here") if days else re.compile("Days ahead: 3 Bank of Jiangzhou")
        expect(row).to_contain_text(expected)


def test_the_calendar_is_walked_by_keyboard(page_as: Open) -> None:
    page = page_as("relationship_manager", language="en")
    page.goto("/calendar/")
    later = page.get_by_role("link", name="Later")
    later.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("on=[0-9]{4}-[0-9]{2}-01"))
    page.get_by_role("link", name="Day", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("view=day"))
