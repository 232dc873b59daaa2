"""A person asks for deletion: a steward plans it, a risk officer agrees, what is due goes, the rest waits."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.test_editing import NUMBER, phone, unique

LANGUAGES = pytest.mark.parametrize(("language", "on_phone"), [("zh-hans", False), ("en", True)])
WORDS = {
    "zh-hans": {
        "record": "登记该客户的请求", "kind": "申请事项", "came_by": "来源渠道", "proof": "身份核实方式",
        "save": "记录", "take": "领取", "told": "对客户的答复", "ask": "申请删除", "law": "从未建立业务关系",
        "waits": "等待复核", "opinion": "意见", "agree": "同意", "restricted": "限制处理", "now": "删除到期信息",
        "gone": "已删除", "kept": "保留至", "make": "新建",
    },
    "en": {
        "record": "Record a request of the customer", "kind": "What is asked for", "came_by": "Came by",
        "proof": "Identity checked by", "save": "Record", "take": "Take", "told": "What the customer is told",
        "ask": "Ask for the deletion", "law": "There never was a relationship", "waits": "Waits for agreement",
        "opinion": "Opinion", "agree": "Agree", "restricted": "Processing restricted", "now": "Erase what is due",
        "gone": "erased", "kept": "kept until", "make": "Create the prospect",
    },
}  # fmt: skip


@LANGUAGES
def test_what_a_person_wants_deleted_goes_when_the_law_lets_it(page_as, language, on_phone):
    said, name = WORDS[language], unique("删除")
    page = page_as("relationship_manager", language=language, phone=on_phone)
    page.goto("/customers/prospects/new/")
    page.locator("#id_name").fill(name)
    page.locator("#id_mobile").fill(phone())
    page.get_by_role("button", name=said["make"], exact=True).click()
    page.wait_for_url(NUMBER)
    number = NUMBER.search(page.url)[1]

    page = page_as("data_steward", language=language, phone=on_phone)
    page.goto(f"/customers/{number}/")
    page.get_by_role("link", name=said["record"]).click()
    page.get_by_label(said["kind"]).select_option("delete")
    page.get_by_label(said["came_by"]).select_option("counter")
    page.get_by_label(said["proof"]).select_option("document")
    page.get_by_role("button", name=said["save"], exact=True).click()
    page.get_by_role("button", name=said["take"], exact=True).click()
    expect(page.locator("main")).to_contain_text(said["law"])
    form = page.locator("form", has=page.get_by_role("button", name=said["ask"]))
    form.get_by_label(said["told"]).fill("您的信息将依法删除")
    form.get_by_role("button", name=said["ask"]).click()
    expect(page.locator("main")).to_contain_text(said["waits"])
    request = page.get_by_role("heading", level=1).inner_text().split(" ")[0]

    officer = page_as("risk_officer", language=language, phone=on_phone)
    officer.goto("/approvals/")
    officer.get_by_role("link", name=re.compile(name)).first.click()
    expect(officer.locator("main")).to_contain_text(name)
    officer.get_by_label(said["opinion"]).fill("符合规定，同意删除")
    officer.get_by_role("button", name=said["agree"], exact=True).click()

    page.goto(f"/customers/{number}/")
    expect(page.locator("h1")).to_contain_text(said["restricted"])
    page.goto("/privacy/deletions/")
    row = page.locator("tr", has=page.get_by_role("link", name=request))
    expect(row).to_contain_text(said["kept"])
    page.get_by_role("button", name=said["now"]).click()
    for _second in range(20):
        page.goto("/privacy/deletions/")
        if said["gone"] in row.inner_text():
            break
        time.sleep(1)
    expect(row).to_contain_text(said["gone"])
    expect(row).to_contain_text(said["kept"])  # what the law still keeps
    row.get_by_role("link", name=request).click()
    expect(page.locator("main")).to_contain_text("您的信息将依法删除")
