"""A file of customers above the limit: asked for, agreed to by a head, fetched, and traced by its code."""

import datetime as dt
import re
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.browser.test_system_administrator import save

LIMIT = "exports.approve_above"
CODE = re.compile(r"[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}")
WORDS = {
    "zh-hans": {
        "export": "导出", "purpose": r"^用途[*]?$", "own_words": "用途说明", "open": "查看申请", "send_back": "退回",
        "opinion": "意见", "waits": "待审批", "sent_back": "已退回", "jobs": "我的后台作业", "title": "导出：客户，",
        "bell": "待我审批的申请",
    },
    "en": {
        "export": "Export", "purpose": r"^Purpose[*]?$", "own_words": "In your own words", "open": "Open the request",
        "send_back": "Send back", "opinion": "Opinion", "waits": "Waits for a decision", "sent_back": "Sent back",
        "jobs": "My jobs", "title": "File: Customers, ", "bell": "Requests that wait for your decision",
    },
}  # fmt: skip


def agree(page: Page, title: str, opinion: str) -> None:
    """The second person finds the request among those to decide, and agrees."""
    page.goto("/approvals/")
    page.locator("tbody a", has_text=title).first.click()
    page.get_by_label("意见").fill(opinion)
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.locator(".notice", has_text="已同意")).to_be_visible()


def current_settings(page: Page):
    page.goto(f"/system/parameters/{LIMIT}/")
    return page.locator("section", has=page.get_by_role("heading", name="现行与待生效设置"))


@pytest.fixture
def low_limit(page_as):
    """Files of more than three customers need a second person: set, and ended, by two administrators."""
    page, second = page_as("system_administrator"), page_as("100293")
    current_settings(page)
    page.locator("#id_value").fill("3")
    page.locator("#id_reason").fill("抽查期间逐份审批")
    save(page, "提交复核")
    agree(second, "客户信息的文件超过此行数", "同意")
    expect(current_settings(page).locator("tbody tr")).to_contain_text("方宁")
    yield
    current_settings(page).get_by_role("button", name="终止").click()
    agree(second, "客户信息的文件超过此行数", "抽查结束")
    expect(current_settings(page).locator("tbody tr")).to_have_count(0)


def ask(page: Page, language: str, kind: str, words: str) -> str:
    """Asks for a file of the own persons. Answers the request's address."""
    said = WORDS[language]
    page.goto("/customers/mine/?kind=person")
    page.get_by_role("button", name=said["export"], exact=True).click()
    panel = page.locator("#panel-body")
    panel.locator(".notice").wait_for()
    page.watch.expect(422)
    panel.locator("button.btn-primary").click()
    expect(panel.locator(".errors")).to_have_count(2)  # what for, and in which words
    panel.get_by_label(re.compile(said["purpose"])).select_option(kind)
    panel.get_by_label(said["own_words"]).fill(words)
    panel.locator("button.btn-primary").click()
    panel.get_by_role("link", name=said["open"]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(said["title"])
    expect(page.locator("dl.facts")).to_contain_text(said["waits"])
    return page.url


def test_a_large_file_is_agreed_to_by_the_head_fetched_and_traced(page_as, low_limit, tmp_path):
    page = page_as("relationship_manager")
    request = ask(page, "zh-hans", "visit", "年末走访名单")
    expect(page.get_by_role("link", name="查看文件")).to_have_count(0)
    page.goto("/core/jobs/")
    expect(page.locator("section", has_text="需审批的导出")).to_contain_text("年末走访名单")

    head = page_as("100311")
    card = head.locator("section.card", has=head.get_by_role("heading", name="待我审批"))
    card.get_by_role("link", name=re.compile("^导出：客户")).first.click()
    lines = head.locator("section", has=head.get_by_role("heading", name="申请事项"))
    expect(lines.locator("tr", has_text="筛选条件")).to_contain_text("仅申请人管户的客户；类型 对私")
    expect(lines.locator("tr", has_text="用途")).to_contain_text("走访与客户维护：年末走访名单")
    expect(head.locator("dl.facts")).to_contain_text("您的岗位可审批至 10,000 行")
    head.get_by_label("意见").fill("同意用于走访")
    head.get_by_role("button", name="同意", exact=True).click()
    expect(head.locator(".notice", has_text="已同意")).to_be_visible()

    page.goto(request)
    expect(page.locator("main")).to_contain_text("同意用于走访")
    page.get_by_role("link", name="查看文件").click()
    expect(page.locator("#job")).to_contain_text("已完成", timeout=60_000)
    with page.expect_download() as download:
        page.locator("#job a[download]").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    code = the_code_in(path)
    assert code in path.name

    for who in ("auditor", "security_administrator"):
        tracer = page_as(who)
        trace(tracer, code)
        expect(tracer.locator("main")).to_contain_text("林晓 100482")
        expect(tracer.locator("main")).to_contain_text("城东支行 · 客户经理")
        expect(tracer.locator("main")).to_contain_text("走访与客户维护：年末走访名单")
        expect(tracer.locator("main")).to_contain_text("赵敏")
        expect(tracer.locator("section", has_text="下载记录").locator("tbody tr")).to_have_count(1)
    expect(tracer.locator("main")).to_contain_text("您的岗位不能查看客户")  # not the filter: it may name one


def the_code_in(path: Path) -> str:
    """The tracing code of a workbook, which says who may keep it how long; on each sheet when it is printed."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    said = " ".join(str(row[0]) for row in rows[:4])
    week = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date() + dt.timedelta(days=7)
    assert "100482 林晓" in said and "年末走访名单" in said
    assert f"{week} 之后请删除" in said
    found = CODE.search(said)[0]
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    for margin in ("oddHeader", "oddFooter"):
        text = re.search(f"<{margin}>(.*?)</{margin}>", sheet)[1]
        assert "100482 林晓" in text and found in text
    return found


def trace(page: Page, code: str) -> None:
    """Types a code as it is read off a sheet of paper: first with a slip, then in small letters without its dash."""
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="导出与打印").click()
    page.watch.expect(422)
    other = "3" if code[-1] != "3" else "4"
    for typed in (code[:-1] + other, code.lower().replace("-", "")):
        page.get_by_label("追踪码").fill(typed)
        page.get_by_role("button", name="搜索").click()
        page.wait_for_load_state()
        if typed.startswith(code[:5]):
            expect(page.locator(".errors")).to_contain_text("看错")
    expect(page.get_by_role("heading", level=1)).to_contain_text(code)


@pytest.mark.parametrize(("language", "phone"), [("zh-hans", False), ("en", True)])
def test_a_file_that_is_sent_back_is_never_made_and_the_asker_reads_why(page_as, low_limit, language, phone):
    said = WORDS[language]
    page = page_as("relationship_manager", language=language, phone=phone)
    request = ask(page, language, "report", f"季度分析 {language}")
    head = page_as("100311", language=language, phone=phone)
    head.get_by_title(said["bell"], exact=True).click()
    head.locator("tbody a", has_text=said["title"]).first.click()
    assert head.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    head.watch.expect(422)
    head.get_by_role("button", name=said["send_back"], exact=True).click()
    expect(head.locator(".errors")).to_be_visible()  # not without an opinion
    head.get_by_label(said["opinion"]).fill("范围过大")
    head.get_by_role("button", name=said["send_back"], exact=True).click()
    expect(head.locator(".notice")).to_be_visible()
    head.goto("/")
    expect(head.locator(f"a[href='{urlsplit(request).path}']")).to_have_count(0)

    page.goto("/core/jobs/")
    expect(page.get_by_role("heading", name=said["jobs"], level=1)).to_be_visible()
    line = page.locator("tbody tr", has_text=f"季度分析 {language}").first
    expect(line).to_contain_text(said["title"])  # in the language of whoever reads
    expect(line).to_contain_text(said["sent_back"])
    expect(line).to_contain_text("范围过大")
    page.goto(request)
    expect(page.locator("dl.facts")).to_contain_text(said["sent_back"])
    expect(page.get_by_role("button", name=said["send_back"])).to_have_count(0)


def test_a_head_of_another_branch_neither_finds_nor_opens_it(page_as, low_limit):
    page = page_as("100517")
    request = ask(page, "zh-hans", "visit", "东湖走访")
    other = page_as("100108")
    other.goto("/approvals/")
    expect(other.locator("main")).not_to_contain_text("陈立")
    other.watch.expect(404)
    other.goto(request)
    expect(other.locator("main")).not_to_contain_text("东湖走访")

    page.goto(request)
    page.get_by_label("意见").fill("改用系统内名单")
    page.get_by_role("button", name="撤回").click()
    page.goto("/approvals/?tab=asked")
    expect(page.locator("tbody tr").first).to_contain_text("已撤回")


@pytest.mark.parametrize(("language", "who"), [("zh-hans", "auditor"), ("en", "security_administrator")])
def test_the_risk_officer_agrees_to_a_file_of_the_audit_and_reads_not_whom_it_looks_for(
    page_as, low_limit, language, who
):
    said = WORDS[language]
    page = page_as(who, language=language)
    page.goto("/system/audit/export/?address=127.0.0.1")
    expect(page.locator(".notice.warning")).to_contain_text("3")
    page.get_by_label(re.compile(said["purpose"])).select_option("regulator")
    page.get_by_label(said["own_words"]).fill(f"年度审计 {language}")
    page.locator("main button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text({"zh-hans": "审计", "en": "Audit"}[language])
    expect(page.locator(".notice").first).to_be_visible()
    request = page.url

    risk = page_as("risk_officer", language=language)
    risk.goto(request)
    expect(risk.locator("main")).to_contain_text({"zh-hans": "另有 1 项条件", "en": "1 more conditions"}[language])
    expect(risk.locator("main")).not_to_contain_text("127.0.0.1")
    risk.get_by_label(said["opinion"]).fill("同意")
    risk.get_by_role("button", name={"zh-hans": "同意", "en": "Agree"}[language], exact=True).click()
    page.goto(request)
    page.get_by_role("link", name={"zh-hans": "查看文件", "en": "Open the file"}[language]).click()
    expect(page.locator("#job a[download]")).to_be_visible(timeout=60_000)
