"""The books: a steward explains a difference from the ledger, and sees what a customer brings the bank."""

import re

from playwright.sync_api import expect


def test_a_steward_explains_a_difference_from_the_ledger(page_as):
    page = page_as("data_steward")
    page.goto("/feeds/ledger/")
    expect(page.locator("#ledger")).to_contain_text("个单元")
    row = page.locator("#ledger tbody tr", has_text="信用卡")
    expect(row).to_contain_text("36.50")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="信用卡")).to_be_visible()
    expect(page.locator("table.as-cards tbody tr").first).to_be_visible()
    page.get_by_label("差异原因").fill("信用卡挂账待查")
    page.get_by_role("button", name="提交说明").click()
    expect(page.get_by_text("差异说明已保存")).to_be_visible()
    auditor = page_as("auditor", language="en")
    auditor.goto("/feeds/ledger/?view=explained")
    expect(auditor.locator("#ledger")).to_contain_text("信用卡挂账待查")


def test_the_income_of_a_customer_stands_with_its_days(page_as):
    page = page_as("data_steward")
    page.goto("/customers/")
    page.locator("main table tbody").get_by_role("link").first.click()
    page.get_by_role("link", name="收益", exact=True).click()
    expect(page.get_by_role("heading", name="收益").first).to_be_visible()
    expect(page.locator("#customer-tab")).to_contain_text(re.compile("近 12 个月|没有收益"))
