"""Head-office marketing follows a tier from the table to the list and a customer, and sets a new table."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.words import foreign_to_chinese, foreign_to_english

WORDS = {
    "zh-hans": {
        "tiers": "客户分层", "new": "设置新标准", "amount": "AUM 月日均起点",
        "preview": "预览", "comes": "预计结果", "above": "起点金额必须高于上一行层级。", "reason": "原因",
        "set": "设置", "done": "分层标准已设置", "to_come": "未生效", "withdraw": "撤回",
        "withdrawn": "分层标准已撤回", "next": "若本月以目前日均结束",
    },
    "en": {
        "tiers": "Customer tiers", "new": "Set a new table",
        "amount": "From this AUM month average", "preview": "Preview", "comes": "What it comes to",
        "above": "The amount must be above that of the level before it.", "reason": "Reason", "set": "Set the table",
        "done": "The tier table is set", "to_come": "To come", "withdraw": "Withdraw",
        "withdrawn": "The tier table is withdrawn", "next": "If the month ended with today's average",
    },
}  # fmt: skip


def whole(text):
    return int(re.sub(r"\D", "", text))


def texts(page):
    return [text.strip() for text in page.locator("main").inner_text().splitlines() if text.strip()]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_tier_is_followed_to_its_customers_and_a_new_table_is_set(page_as, language):
    say = WORDS[language]
    page = page_as("head_office_marketing", language=language)
    page.goto("/customers/")
    page.get_by_role("link", name=say["tiers"], exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(say["tiers"])
    assert not (foreign_to_chinese(texts(page)) if language == "zh-hans" else foreign_to_english(texts(page)))
    # the highest level that anybody stands in: its number is that of the list
    link = page.locator("main table").first.get_by_role("link").first
    number = whole(link.inner_text())
    link.click()
    assert whole(page.locator("h1 .small").inner_text()) == number > 0
    page.locator("tbody a[href^='/customers/']").first.click()
    page.locator("a.tag[href$='/tier/']").click()
    panel = page.locator("#panel-body")
    expect(panel).to_contain_text(say["next"])
    assert panel.locator("tbody tr").count() >= 2
    # a new table: refused in words, previewed, set, withdrawn
    page.goto("/valuation/tiers/")
    page.get_by_role("link", name=say["new"]).click()
    amounts = page.get_by_label(re.compile(f"^{say['amount']}"))
    amounts.nth(2).fill("40000")
    page.watch.expect(422)
    page.get_by_role("button", name=say["preview"], exact=True).click()
    expect(page.locator(".form-errors").first).to_have_text(say["above"])
    amounts.nth(2).fill("200000")
    page.get_by_role("button", name=say["preview"], exact=True).click()
    expect(page.locator("#preview")).to_contain_text(say["comes"])
    assert sum(whole(one) for one in page.locator("#preview td.num").all_inner_texts()) > number
    page.get_by_label(re.compile(f"^{say['reason']}")).fill("董事会决议 board decision")
    page.get_by_role("button", name=say["set"], exact=True).click()
    expect(page.locator("body")).to_contain_text(say["done"])
    expect(page.locator(".tag.info")).to_have_text(say["to_come"])
    page.get_by_role("button", name=say["withdraw"]).click()
    expect(page.locator("body")).to_contain_text(say["withdrawn"])
