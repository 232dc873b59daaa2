"""A branch head looks at the branch from two sides, goes down to a unit, and opens the customers behind a number."""

import re

from playwright.sync_api import Page, expect


def whole(text: str) -> int:
    """The number in a text."""
    return int(re.sub(r"\D", "", text))


def test_a_number_of_the_cross_view_opens_the_list_of_its_customers(page_as):
    page: Page = page_as("branch_head")
    page.get_by_role("link", name="交叉分析").first.click()
    page.get_by_label("指标").select_option(label="客户数")
    page.get_by_label("行", exact=True).select_option(label="机构")
    page.get_by_label("列", exact=True).select_option(label="客户类型")
    page.get_by_role("button", name="查询").click()
    table = page.get_by_role("table", name="客户数").last
    down = table.get_by_role("rowheader").get_by_role("link")
    if down.count():  # into the first unit that has others below it
        down.first.click()
        table = page.get_by_role("table", name="客户数").last
    link = table.get_by_role("row").nth(1).get_by_role("link").last
    number = whole(link.inner_text())
    assert number > 0
    link.click()
    expect(page.locator(".chip", has_text="交叉分析单元格")).to_contain_text("客户数")
    assert whole(page.locator("h1 .small").inner_text()) == number
    expect(page.locator("tfoot")).to_contain_text(f"{number:,} 户")
    page.locator(".chip", has_text="交叉分析单元格").get_by_role("link").click()
    page.wait_for_url(re.compile(r"/customers/$"))
    assert whole(page.locator("h1 .small").inner_text()) >= number


def test_the_list_of_an_amount_adds_up_to_it(page_as):
    page: Page = page_as("branch_head")
    page.goto("/insights/cross/?measure=deposit_end&rows=class&columns=kind")
    link = page.get_by_role("table", name="存款月末").last.get_by_role("row").nth(1).get_by_role("link").first
    amount = link.inner_text()
    link.click()
    expect(page.locator("thead")).to_contain_text("单元格内：存款月末")
    expect(page.locator("tfoot td[data-head^='单元格内']")).to_have_text(amount)
