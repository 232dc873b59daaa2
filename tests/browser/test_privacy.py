"""A data steward restricts the processing of a customer's data, as the customer asked; others see that, not why."""

import re

import pytest
from playwright.sync_api import expect

LANGUAGES = pytest.mark.parametrize(("language", "phone"), [("zh-hans", False), ("en", True)])
WORDS = {
    "zh-hans": {
        "record": "登记该客户的请求", "kind": "申请事项", "came_by": "来源渠道", "proof": "身份核实方式",
        "save": "记录", "restrict": "限制处理", "take": "领取", "reason": "原因", "told": "对客户的答复",
        "do": "限制并答复", "answered": "已答复", "mark": "限制处理",
    },
    "en": {
        "record": "Record a request of the customer", "kind": "What is asked for", "came_by": "Came by",
        "proof": "Identity checked by", "save": "Record", "restrict": "Restrict processing",
        "take": "Take", "reason": "Reason", "told": "What the customer is told", "do": "Restrict and answer",
        "answered": "Answered", "mark": "Processing restricted",
    },
}  # fmt: skip


@LANGUAGES
def test_a_steward_restricts_processing_and_a_manager_sees_the_mark_without_the_reason(page_as, language, phone):
    page, said = page_as("data_steward", language=language, phone=phone), WORDS[language]
    page.goto("/customers/?kind=person&marketing=any&sort=-number")
    page.goto(page.locator("tbody a").nth(3 if phone else 5).get_attribute("href"))
    number = re.search(r"/customers/(\d+)/", page.url)[1]
    page.get_by_role("link", name=said["record"]).click()
    page.get_by_label(said["kind"]).select_option("restrict")
    page.get_by_label(said["came_by"]).select_option("phone")
    page.get_by_label(said["proof"]).select_option("call_back")
    page.get_by_role("button", name=said["save"], exact=True).click()

    page.get_by_role("button", name=said["take"], exact=True).click()
    form = page.locator("form", has=page.get_by_role("button", name=said["do"]))
    form.get_by_label(said["reason"]).select_option("disputed")
    form.get_by_label(said["told"]).fill("自今日起限制处理")
    form.get_by_role("button", name=said["do"]).click()
    expect(page.locator("main")).to_contain_text(said["answered"])
    request = page.get_by_role("heading", level=1).inner_text().split(" ")[0]
    page.goto("/privacy/requests/?state=closed")
    expect(page.get_by_role("link", name=request)).to_be_visible()

    page = page_as("head_office_marketing", language=language, phone=phone)
    page.goto(f"/customers/{number}/")
    expect(page.locator("h1")).to_contain_text(said["mark"])
    assert "异议" not in page.content() and "disputes" not in page.content() and request not in page.content()
