"""The timeline of a customer: found among the tabs, narrowed by kind, leading to what it tells of."""

import re

import pytest
from playwright.sync_api import expect

WORDS = {
    "zh-hans": ("时间线", "开户、到期、销户", "开户"),
    "en": ("Timeline", "Opened, matured, closed", "Account opened"),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_manager_reads_the_line_and_narrows_it_to_accounts(page_as, language):
    timeline, accounts, opened = WORDS[language]
    page = page_as("relationship_manager", language=language)
    page.goto("/customers/mine/?kind=person")
    page.locator("tbody .lead-cell a, tbody td a").first.click()
    page.locator("#customer-tabs").get_by_role("link", name=timeline, exact=True).click()
    page.get_by_role("link", name=accounts, exact=True).click()
    line = page.locator("ol.timeline li", has_text=opened).first
    expect(line).to_be_visible()
    expect(page.get_by_role("link", name=accounts, exact=True)).to_have_attribute("aria-current", "true")
    line.get_by_role("link", name=opened).click()
    expect(page).to_have_url(re.compile("/accounts/[0-9]+/"))
