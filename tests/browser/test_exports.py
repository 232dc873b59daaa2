"""A large file: asked for, agreed to by the branch's head, fetched, and traced back by the code that it carries."""

import re

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

MANAGER, HEAD = "100517", "100108"
UNIT = "东湖支行"
CODE = re.compile(r"[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}")


def lower_the_limit(page_as):
    """Above two rows the unit's files need a second person: two administrators set that."""
    page = page_as("system_administrator")
    page.goto("/system/parameters/exports.approve_above/")
    option = page.locator("#id_place option", has_text=UNIT).first.get_attribute("value")
    page.locator("#id_place").select_option(option)
    page.locator("#id_value").fill("2")
    page.locator("#id_reason").fill("收紧导出")
    page.locator("form:has(#id_value) button.btn-primary").click()
    page.wait_for_load_state()
    page = page_as("security_administrator")
    page.goto("/approvals/")
    decide(page)


def decide(page: Page) -> None:
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="同意", exact=True).click()
    page.wait_for_url(re.compile(r"/approvals/$"))


def test_a_large_file_is_agreed_to_and_found_again_by_its_code(page_as, tmp_path):
    lower_the_limit(page_as)
    page = page_as(MANAGER)
    page.goto("/customers/mine/")
    page.get_by_role("button", name="导出").click()
    panel = page.get_by_role("dialog", name="导出")
    page.watch.expect(422)
    panel.get_by_role("button", name="提交复核").click()
    expect(panel.locator(".errors").first).to_be_visible()
    panel.locator("#id_purpose_code").select_option("visit")
    panel.get_by_label("用途说明").fill("年末走访名单")
    panel.get_by_role("button", name="提交复核").click()
    panel.get_by_role("link", name="查看申请").click()
    head = page_as(HEAD)
    head.goto(page.url)
    expect(head.locator("main")).to_contain_text("年末走访名单")
    head.goto("/approvals/")
    decide(head)

    page.goto("/core/jobs/")
    page.locator("tbody a").first.click()
    link = page.get_by_role("link", name=re.compile(r"\.xlsx"))
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as begun:
        link.click()
    file = tmp_path / "mine.xlsx"
    begun.value.save_as(file)
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    code = CODE.search(str(sheet))[0]
    assert code in begun.value.suggested_filename

    auditor = page_as("auditor")
    auditor.goto("/system/exports/")
    auditor.get_by_label("追踪码").fill(code.lower())
    auditor.get_by_role("button", name="查询", exact=True).click()
    auditor.wait_for_url(re.compile(r"/system/exports/\d+/$"))
    main = auditor.locator("main")
    for told in (MANAGER, "年末走访名单", UNIT, code):
        expect(main).to_contain_text(told)
    section = auditor.locator("section", has=auditor.get_by_role("heading", name="下载记录"))
    expect(section.locator("tbody tr")).to_have_count(1)


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
