"""A print: asked for with its purpose, and traced back by the code that every sheet carries."""

import re

from playwright.sync_api import expect

CODE = re.compile(r"[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}")


def test_a_print_asks_first_and_every_sheet_carries_its_code(page_as):
    page = page_as("relationship_manager")
    page.goto("/customers/mine/")
    page.locator("tbody td:nth-child(2) a").first.click()
    page.get_by_role("link", name="打印").click()
    expect(page.locator(".sheet")).to_have_count(0)
    page.locator("#id_purpose_code").select_option("visit")
    page.get_by_label("用途说明").fill("上门走访资料")
    page.get_by_role("button", name="生成打印页").click()
    expect(page.locator(".sheet")).to_be_visible()
    foot = page.locator(".sheet-foot")
    assert CODE.search(foot.inner_text())
    page.emulate_media(media="print")
    assert foot.evaluate("one => getComputedStyle(one).position") == "fixed"
    assert "100482" in page.locator("#watermark").get_attribute("data-text")
