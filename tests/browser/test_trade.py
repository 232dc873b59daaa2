"""Bills and trade finance of a company: totals, the due calendar, down to one contract's bills and back."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.tabs import open_tab

WORDS = {
    "zh-hans": ("票据与贸易融资", "到期日历", "未结清业务", "表外承诺余额", "票据", "出票人"),
    "en": ("Bills and trade", "Due calendar", "Open contracts", "Off-balance commitments", "Bills", "Drawer"),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_product_manager_reads_what_falls_due_and_opens_the_bills_behind_it(page_as, language):
    tab, calendar, contracts, promised, bills, drawer = WORDS[language]
    page = page_as("product_manager", language=language)
    page.goto("/customers/?kind=organisation&holds=acceptance")
    page.locator("tbody .lead-cell a, tbody td a").first.click()
    open_tab(page, tab)
    expect(page).to_have_url(re.compile("/trade/"))
    for name in (calendar, contracts):
        expect(page.get_by_role("heading", name=re.compile(f"^{name}"))).to_be_visible()
    expect(page.get_by_role("rowheader", name=promised)).to_be_visible()
    due = page.locator("section", has=page.get_by_role("heading", name=re.compile(f"^{calendar}")))
    expect(due.get_by_role("cell", name=re.compile(r"^\d{4}-\d{2}$")).first).to_be_visible()
    group = page.locator("tbody", has=page.get_by_role("rowheader", name=re.compile("银行承兑汇票|Bank acceptance")))
    group.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/accounts/[0-9]+/"))
    section = page.locator("section", has=page.get_by_role("heading", name=re.compile(f"^{bills}")))
    expect(section.get_by_role("columnheader", name=drawer)).to_be_visible()
    page.locator("#customer-tab").get_by_role("link", name=tab, exact=True).click()
    expect(page.get_by_role("heading", name=re.compile(f"^{calendar}"))).to_be_visible()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_tab_fits_a_phone(page_as, language):
    tab = WORDS[language][0]
    page = page_as("risk_officer", language=language, phone=True)
    page.goto("/customers/?kind=organisation&holds=acceptance")
    page.locator("tbody .lead-cell a, tbody td a").first.click()
    open_tab(page, tab)
    expect(page.get_by_role("heading", name=re.compile(WORDS[language][1]))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    cells = page.locator("#customer-tab td:visible")
    wide = cells.evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"
    )
    assert wide == []
