"""The system administrator makes a webhook, tries it, reads the log, and ends it; and reads what the API offers."""

import json
import re

import pytest
from playwright.sync_api import expect

from bankcrm.demo.cast import CAST
from tests.browser.words import foreign_to_chinese, foreign_to_english

WORDS = {
    "zh-hans": {
        "webhooks": "事件推送", "new": "新建事件推送", "name": "名称", "token": "接口令牌", "address": "地址",
        "changed": "客户信息变更", "make": "新建推送", "secret": "签名密钥", "done": "完成", "test": "发送测试事件",
        "given_up": "已放弃", "private": "地址位于未放行的内部网络", "log": "推送记录", "again": "重新发送",
        "pause": "暂停",
        "paused": "已暂停", "more": "更换密钥或终止", "end": "终止推送", "none": "还没有事件推送", "rest": "REST 接口",
    },
    "en": {
        "webhooks": "Webhooks", "new": "New webhook", "name": "Name", "token": "API token", "address": "Address",
        "changed": "A customer's data changed", "make": "Make the webhook", "secret": "Signing secret", "done": "Done",
        "test": "Send a test event", "given_up": "Given up", "private": "No connection|host's name is unknown|network",
        "log": "Webhook deliveries", "again": "Send again", "pause": "Pause", "paused": "Paused",
        "more": "New secret, or the end", "end": "End the webhook", "none": "No webhook yet", "rest": "REST API",
    },
}  # fmt: skip
WORDS["zh-hans"]["private"] += "|主机名无法解析|无法连接"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_administrator_makes_tries_and_ends_a_webhook(page_as, bank, language):
    say = WORDS[language]
    user = next(member.employee_id for member in CAST if member.role == "head_office_marketing")
    given = json.loads(bank.run("user", "token", user, "--name", f"hook-{language}", "--days", "9", "--json"))
    page = page_as("system_administrator", language=language)
    page.goto("/system/webhooks/")
    expect(page.get_by_role("heading", level=1)).to_have_text(say["webhooks"])
    page.get_by_role("link", name=say["new"]).first.click()
    page.get_by_label(re.compile(f"^{say['name']}")).fill("数据平台")
    token = page.get_by_label(re.compile(f"^{say['token']}"))
    token.select_option(token.locator("option", has_text=f"hook-{language}").get_attribute("value"))
    page.get_by_label(re.compile(f"^{say['address']}")).fill("https://127.0.0.1/hook")
    page.get_by_label(say["changed"]).check()
    page.watch.expect(422)
    page.get_by_role("button", name=say["make"]).click()
    expect(page.locator(".errors")).to_have_text(re.compile(say["private"]))  # the guard speaks at the field
    page.get_by_label(re.compile(f"^{say['address']}")).fill("https://receiver.invalid/hook")
    page.get_by_role("button", name=say["make"]).click()
    secret = page.get_by_label(say["secret"]).input_value()
    assert secret.startswith("whsec_") and secret not in given["token"]
    page.get_by_role("link", name=say["done"]).click()
    assert secret not in page.content()
    with page.expect_navigation():  # a reload in the midst of it finds no page
        page.get_by_role("button", name=say["test"]).click()
    row = page.locator("#deliveries tbody tr").first
    for _try in range(40):  # a worker takes it up
        page.reload()
        if say["given_up"] in row.inner_text():
            break
        page.wait_for_timeout(500)
    expect(row).to_contain_text(say["given_up"])
    expect(row).to_contain_text(re.compile(say["private"]))
    texts = [text.strip() for text in page.locator("main").inner_text().splitlines() if text.strip()]
    if language == "en":
        assert foreign_to_english([text for text in texts if "数据平台" not in text and user not in text]) == []
    else:
        assert foreign_to_chinese([text for text in texts if "hook" not in text], codes=False) == []
    page.goto("/system/webhooks/deliveries/")
    expect(page.get_by_role("heading", level=1)).to_have_text(say["log"])
    expect(page.get_by_text(say["again"], exact=True).first).to_be_visible()
    page.locator("#deliveries tbody a").first.click()
    page.get_by_role("button", name=say["pause"], exact=True).click()
    expect(page.locator("main .tag", has_text=say["paused"]).first).to_be_visible()
    page.get_by_text(say["more"]).click()
    page.get_by_role("button", name=say["end"]).click()
    expect(page.get_by_text(say["none"])).to_be_visible()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_api_is_described_where_people_read(page_as, language):
    page = page_as("system_administrator", language=language)
    page.goto("/api/v1/docs")
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[language]["rest"])
    page.get_by_role("main").locator("nav a", has_text="/api/v1/customers/pop").click()
    expect(page).to_have_url(re.compile("#"))
    expect(page.locator("h2", has_text="/api/v1/customers/pop")).to_be_in_viewport()
