"""The customer page as each reader meets it: their order of tabs, their first look, and the thing they come to do."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tabs import open_tab, tab_names
from tests.browser.test_manager import NUMBER
from tests.browser.test_roles import phone_of_somebody

BOTH = pytest.mark.parametrize("language", ["zh-hans", "en"])
TABS = {
    "overview": ("概览", "Overview"),
    "timeline": ("时间线", "Timeline"),
    "basic": ("基本信息", "Basic information"),
    "accounts": ("账户与产品", "Accounts and products"),
    "transactions": ("交易", "Transactions"),
    "credit": ("授信与风险", "Credit and risk"),
    "trade": ("票据与贸易融资", "Bills and trade"),
    "income": ("收益", "Income"),
    "groups": ("集团与控制", "Groups and control"),
    "relations": ("客户关系", "Relations"),
    "contacts": ("联络与待办", "Contacts and tasks"),
    "service": ("投诉与来电", "Complaints and calls"),
    "other_banks": ("他行往来", "Other banks"),
    "history": ("变更历史", "History"),
    "access": ("访问记录", "Who had access"),
}


def word(language: str, chinese: str, english: str) -> str:
    return chinese if language == "zh-hans" else english


def open_customer(page: Page, query: str) -> None:
    page.goto(f"/customers/?{query}")
    page.locator("tbody .lead-cell a, tbody td a").first.click()
    page.wait_for_url(NUMBER)


def expect_tabs(page: Page, language: str, *codes: str) -> None:
    """The first tabs are these, in this order; a count may stand behind a tab's name."""
    shown = [re.sub(r" [\d,]+$", "", name) for name in tab_names(page)]
    assert shown[: len(codes)] == [word(language, *TABS[code]) for code in codes]


def expect_open(page: Page, language: str, code: str) -> None:
    expect(page.locator("#customer-tabs a[aria-current=page]")).to_contain_text(word(language, *TABS[code]))


@BOTH
def test_a_manager_looks_at_a_customer_as_marketing_does_and_back(page_as, language):
    page = page_as("relationship_manager", language=language)
    open_customer(page, "kind=person")
    expect_open(page, language, "overview")
    expect_tabs(page, language, "overview", "timeline", "basic", "accounts")
    choice = page.get_by_label(word(language, "视角", "Perspective"))
    choice.select_option(label=word(language, "营销", "Marketing"))
    expect(page.locator("#customer-tabs a").nth(2)).to_contain_text(word(language, *TABS["accounts"]))
    expect_tabs(page, language, "overview", "timeline", "accounts", "contacts", "other_banks")
    page.reload()
    expect_tabs(page, language, "overview", "timeline", "accounts")  # the choice stays
    choice.select_option(label=word(language, "客户经理", "Manager"))
    expect(page.locator("#customer-tabs a").nth(2)).to_contain_text(word(language, *TABS["basic"]))


@BOTH
def test_a_product_manager_reads_what_is_held_and_what_it_earns(page_as, language):
    page = page_as("product_manager", language=language)
    open_customer(page, "kind=organisation&sort=-loan_end")
    expect_open(page, language, "overview")
    expect_tabs(page, language, "overview", "accounts", "trade", "credit", "income", "other_banks")
    assert word(language, "持有产品数", "Products held") in page.locator(".figs").first.inner_text().split("\n")[0]
    open_tab(page, word(language, *TABS["income"]))
    expect(page.get_by_role("row", name=re.compile(word(language, "利息收入", "Interest received")))).to_be_visible()
    expect(page.get_by_role("link", name=word(language, "登记联络", "Log a contact"))).to_have_count(0)


@BOTH
def test_head_office_marketing_sees_breadth_first(page_as, language):
    page = page_as("head_office_marketing", language=language)
    open_customer(page, "kind=person")
    expect_open(page, language, "overview")
    expect_tabs(page, language, "overview", "timeline", "accounts", "contacts")
    first = page.locator(".figs").first.inner_text().split("\n")[0]
    assert first.startswith(word(language, "AUM 月日均", "AUM month average"))
    titles = page.locator("#customer-tab .card-title").all_inner_texts()
    assert titles[0].startswith(word(language, "资产负债结构", "Assets and liabilities"))


@BOTH
def test_a_risk_officer_begins_with_facilities_collateral_and_risk(page_as, language):
    page = page_as("risk_officer", language=language)
    open_customer(page, "kind=organisation&sort=-loan_end")
    expect_open(page, language, "credit")
    expect_tabs(page, language, "credit", "trade", "overview", "groups", "relations")
    for heading in (("授信额度", "Facilities"), ("风险", "Risk")):
        expect(page.get_by_role("heading", name=re.compile(f"^{word(language, *heading)}"))).to_be_visible()
    expect(page.get_by_role("columnheader", name=word(language, "五级分类", "Risk class"), exact=True)).to_be_visible()
    open_tab(page, word(language, *TABS["groups"]))
    expect(
        page.get_by_role("heading", name=re.compile(word(language, "股权与控制关系", "Who controls whom")))
    ).to_be_visible()


@BOTH
def test_an_auditor_begins_with_what_was_changed(page_as, language):
    page = page_as("auditor", language=language)
    open_customer(page, "kind=person")
    expect_open(page, language, "history")
    expect_tabs(page, language, "history", "access", "basic", "timeline")
    expect(page.get_by_role("heading", name=re.compile(word(language, "管户历史", "Who looked after")))).to_be_visible()


@BOTH
def test_a_call_centre_verifies_the_caller_and_logs_the_call(page_as, bank, language):
    page = page_as("call_centre", language=language)
    page.keyboard.press("Control+k")
    page.locator("#search-host input[type=search]").fill(phone_of_somebody(bank))
    page.locator("#search-results a.hit").first.click()
    page.wait_for_url(NUMBER)
    number = NUMBER.search(page.url)[1]
    verified = page.locator("h1 .tag", has_text=word(language, "来电人已核实", "Caller verified"))
    if not verified.count():  # the other language's journey may have been here
        asked = page.get_by_role("heading", name=word(language, "核实来电人", "Is the caller the customer?"))
        expect(asked).to_be_visible()
        page.goto(f"/customers/{number}/basic/")
        expect(page.locator("main table")).to_have_count(0)
        page.goto(f"/customers/{number}/")
        for choice in page.get_by_label(word(language, "对", "Right"), exact=True).all():
            choice.check()
        page.get_by_role("button", name=word(language, "判定", "Decide")).click()
    expect(verified).to_be_visible()
    page.goto(f"/customers/{number}/")
    expect_open(page, language, "contacts")
    page.get_by_role("link", name=word(language, "登记联络", "Log a contact")).first.click()
    panel = page.get_by_role("dialog")
    subject = word(language, "询问大额存单", "Asked about deposits")
    panel.get_by_label(word(language, "主题", "Subject")).fill(subject)
    panel.get_by_role("button", name=word(language, "保存", "Save")).click()
    expect(page.locator("#panel-host.open")).to_have_count(0)
    expect(page.locator(".due.contact", has_text=subject).first).to_be_visible()
