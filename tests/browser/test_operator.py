"""An IT operator's bad morning: a delivery with faults, seen, understood, put right and loaded again."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.bank import HISTORY, NEXT_DAY


@pytest.fixture
def faulty_delivery(bank):
    """The next day's delivery with a 31 February and an unknown channel in it; yields the right one."""
    inbox = bank.inbox / NEXT_DAY
    right = bank.home / "right" / NEXT_DAY
    right.parent.mkdir()
    shutil.move(inbox, right)
    told = bank.run("demo", "faults", str(right), str(inbox), "--fault", "wrong_date", "--fault", "unknown_code")
    assert "2026-02-31" in told
    return right


def test_a_faulty_delivery_is_refused_explained_corrected_and_published(page_as, bank, faulty_delivery):
    page = page_as("it_operator")
    page.goto("/feeds/loads/")
    expect(page.locator("header .date")).to_contain_text(HISTORY)
    waiting = page.locator("section", has=page.get_by_role("heading", name="接收目录中待装载"))
    waiting.locator("tr", has_text=NEXT_DAY).get_by_role("button", name="装载", exact=True).click()
    page.wait_for_url(re.compile(r"/feeds/loads/\d+/$"))
    expect(page.locator("#load .tag").first).to_have_text("已拒绝", timeout=60_000)
    expect(page.get_by_role("alert")).to_contain_text("%")  # over the share of bad rows
    page.get_by_role("link", name="全部行").click()
    rejects = page.locator("#rejects")
    expect(rejects).to_contain_text("2026-02-31")
    expect(rejects).to_contain_text("fax")
    page.get_by_role("button", name="下载").click()
    panel = page.get_by_role("dialog", name="下载拒收记录")
    panel.get_by_label("格式").select_option("csv")
    panel.locator("#id_purpose_code").select_option("correction")
    panel.get_by_label("用途说明").fill("请核心系统更正")
    panel.get_by_role("button", name="生成文件").click()
    made = page.get_by_role("dialog", name="导出").get_by_role("link", name=re.compile(r"\.csv"))
    made.wait_for(timeout=60_000)  # the worker makes it
    with page.expect_download() as begun:
        made.click()
    text = begun.value.path().read_text(encoding="utf-8-sig")
    assert "transaction_core.csv" in text
    assert "transacted_on,2026-02-31," in text
    assert "channel,fax," in text
    page.goto("/")
    expect(page.locator("header .date")).to_contain_text(HISTORY)  # yesterday's data stay

    shutil.rmtree(bank.inbox / NEXT_DAY)
    shutil.copytree(faulty_delivery, bank.inbox / NEXT_DAY)
    page.goto("/feeds/loads/")
    page.locator("#loads").get_by_role("link", name=NEXT_DAY).first.click()
    page.get_by_role("button", name="重新装载此目录").click()
    expect(page.locator("#load .tag").first).to_have_text("已发布", timeout=90_000)
    page.goto("/feeds/states/")
    expect(page.locator("header .date")).to_contain_text(NEXT_DAY)
    expect(page.locator("main")).to_contain_text(NEXT_DAY)
