"""Papers of a customer, as a manager brings them and an auditor reads them."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tabs import open_tab, tab_names

LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
WORDS = {
    "zh-hans": {
        "tab": "资料与完整度", "mend": "修正", "upload": "上传文件", "kind": "资料种类", "file": "文件", "save": "上传",
        "until": "有效期至（空为长期）", "kept": "文件已保存。", "licence": "营业执照", "copy": "身份证件复印件",
        "missing": "缺失", "present": "已有", "download": "下载", "wrong": "其内容不是 PDF", "remove": "移除",
        "complete": "信息完整度", "other": "尽职调查表（KYC）",
    },
    "en": {
        "tab": "Documents and completeness", "mend": "Mend", "upload": "Upload a file", "kind": "Kind of paper",
        "file": "File", "save": "Upload", "until": "Valid until (empty: without end)", "kept": "The file is kept.",
        "licence": "Business licence", "copy": "Copy of the identity document", "missing": "Missing",
        "present": "Present", "download": "Download", "wrong": "whatever its name says", "remove": "Remove the file",
        "complete": "Completeness", "other": "Due diligence form (KYC)",
    },
}  # fmt: skip


def scan(mark: str = "") -> bytes:
    """A PDF unlike any other."""
    return f"%PDF-1.4\n%{mark}{time.time_ns()}\ntrailer<<>>\n%%EOF\n".encode()


def choose(page: Page, said: dict[str, str], name: str, content: bytes) -> None:
    """Puts a file into the form of the panel and sends it."""
    panel = page.get_by_role("dialog")
    picked = {"name": name, "mimeType": "application/pdf", "buffer": content}
    panel.get_by_label(re.compile(f"^{re.escape(said['file'])}")).set_input_files(picked)
    panel.get_by_role("button", name=said["save"], exact=True).click()


def first_with(page: Page, said: dict[str, str], paper: str) -> str:
    """Opens the first customer of the worklist that lacks this paper; its address."""
    row = page.locator("tbody tr", has_text=paper).first
    row.get_by_role("link", name=re.compile(f"^{said['mend']}")).click()
    page.wait_for_url(re.compile("/documents/"))
    return page.url


@LANGUAGES
def test_a_manager_finds_what_is_missing_uploads_it_and_downloads_it_again(page_as, language):
    page, said = page_as("relationship_manager", language=language), WORDS[language]
    page.goto("/customers/incomplete/")
    address = first_with(page, said, said["copy"])
    assert said["tab"] in tab_names(page)
    line = page.locator("tbody tr", has_text=said["copy"]).first
    expect(line).to_contain_text(said["missing"])
    before = float(page.get_by_role("progressbar", name=said["complete"]).get_attribute("value"))

    line.get_by_role("link", name=re.compile(f"^{said['save']}")).click()
    panel = page.get_by_role("dialog", name=said["upload"])
    expect(panel.get_by_label(said["kind"])).to_have_value("id_copy")
    page.watch.expect(422)
    choose(page, said, "身份证.pdf", b"<html><script>alert(1)</script></html>")
    expect(panel.get_by_role("alert")).to_contain_text(said["wrong"])

    content = scan(language)
    choose(page, said, "身份证.pdf", content)
    expect(page.get_by_text(said["kept"])).to_be_visible()
    line = page.locator("tbody tr", has_text=said["copy"]).first
    expect(line).to_contain_text(said["present"])
    assert float(page.get_by_role("progressbar", name=said["complete"]).get_attribute("value")) > before

    with page.expect_download() as loading:
        line.get_by_role("link", name=re.compile(f"^{said['download']}")).click()
    number = re.search(r"/customers/(\d{11})/", address)[1]
    assert loading.value.suggested_filename.startswith(f"{number}-id_copy-v1-")
    assert loading.value.path().read_bytes() == content


@LANGUAGES
def test_an_auditor_reads_the_papers_and_changes_nothing(page_as, language):
    said = WORDS[language]
    manager = page_as("relationship_manager", language=language)
    manager.goto("/customers/incomplete/?kind=organisation")
    address = first_with(manager, said, said["licence"])
    manager.get_by_role("link", name=said["upload"], exact=True).click()
    manager.get_by_role("dialog").get_by_label(said["kind"]).select_option(label=said["other"])
    choose(manager, said, "kyc.pdf", scan())
    expect(manager.get_by_text(said["kept"])).to_be_visible()

    page = page_as("auditor", language=language)
    page.goto(address.replace("/documents/", "/basic/"))
    open_tab(page, said["tab"])
    line = page.locator("tbody tr", has_text=said["other"]).first
    with page.expect_download():
        line.get_by_role("link", name=re.compile(f"^{said['download']}")).click()
    for words in (said["save"], said["upload"], said["remove"]):
        expect(page.get_by_role("link", name=words)).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True])
def test_a_branch_head_waives_a_paper_with_a_reason(page_as, phone):
    page = page_as("branch_head", phone=phone)
    page.goto("/customers/incomplete/?all=1&kind=organisation&gap=organisation_owners")
    first_with(page, WORDS["zh-hans"], "受益所有人材料")
    page.get_by_role("link", name="免交 受益所有人材料").click()
    panel = page.get_by_role("dialog", name="免交资料")
    panel.get_by_label("原因").fill("注册资本一千万元以下且均为自然人")
    panel.get_by_role("button", name="免交资料").click()
    expect(page.get_by_text("资料已免交。")).to_be_visible()
    line = page.locator("tbody tr", has_text="受益所有人材料").first
    expect(line).to_contain_text("注册资本一千万元以下且均为自然人")
    line.get_by_role("button", name=re.compile("^恢复要求")).click()
    expect(page.get_by_text("已恢复要求该资料。")).to_be_visible()
