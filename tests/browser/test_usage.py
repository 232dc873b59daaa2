"""The system administrator asks who uses the system, in both languages and on a phone."""

import re

from playwright.sync_api import expect

OPENED = re.compile(r"^[1-9]\d*$")


def test_a_system_administrator_sees_use_by_function_user_and_who_is_silent(page_as, bank):
    page_as("relationship_manager").goto("/customers/mine/")
    page = page_as("system_administrator")
    page.goto("/system/usage/")
    expect(page.get_by_role("heading", name="使用统计")).to_be_visible()
    page.get_by_role("link", name="按日").click()
    page.get_by_role("link", name="按功能").click()
    line = page.locator("tbody tr", has_text="使用统计").first
    # Each process writes what it has counted with its first request after some seconds.
    for _ in range(40):
        if line.count() and OPENED.match(line.locator("td").nth(3).inner_text()):
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(line.locator("td").nth(3)).to_have_text(OPENED)
    page.get_by_role("link", name="未使用名单").click()
    expect(page.locator("tbody tr").first).to_contain_text(re.compile("从未登录|20\\d\\d-"))
    page.get_by_role("button", name="导出").click()
    panel = page.get_by_role("dialog", name="导出")
    panel.locator("#id_purpose_code").select_option("report")
    panel.get_by_label("用途说明").fill("系统推广使用情况")
    panel.get_by_role("button", name="生成文件").click()
    expect(panel.get_by_role("link", name=re.compile(r"\.xlsx"))).to_be_visible()

    english = page_as("system_administrator", language="en", phone=True)
    english.goto("/system/usage/?grain=month&by=user")
    expect(english.get_by_role("heading", name="Usage", exact=True)).to_be_visible()
    wide = english.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    english.locator("#usage-table-title ~ .table-wrap tbody a").first.click()
    expect(english.get_by_text("Only what was done at units of your data scope")).to_be_visible()
