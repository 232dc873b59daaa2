"""Prospects, entries by hand, tags and data work, as the people who use them do."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

NUMBER = re.compile(r"/customers/(\d{11})/")


def unique(start: str) -> str:
    """A name that no other run of the bank has given."""
    return f"{start}{time.time_ns() % 1_000_000}"


def phone() -> str:
    """A mobile that nobody has."""
    return f"199{time.time_ns() % 100_000_000:08d}"


def make_prospect(page: Page, name: str, mobile: str) -> None:
    """Fills in the form and opens the new customer's page."""
    page.goto("/customers/prospects/new/")
    page.get_by_label("名称").fill(name)
    page.get_by_label("手机").fill(mobile)
    page.get_by_role("button", name="新建", exact=True).click()
    page.wait_for_url(NUMBER)


def test_a_manager_makes_a_prospect_and_adds_a_contact_and_a_relation(page_as):
    page = page_as("relationship_manager")
    name, mobile = unique("江南测试"), phone()
    make_prospect(page, name, mobile)
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.get_by_role("heading", level=1)).to_contain_text("潜在客户")

    page.goto(page.url.rstrip("/") + "/basic/")
    page.get_by_role("link", name="新增联系方式").click()
    panel = page.get_by_role("dialog", name="新增联系方式")
    panel.get_by_label("类型").select_option("email")
    panel.get_by_label("号码或内容").fill(f"{mobile}@example.com")
    panel.get_by_role("button", name="保存").click()
    expect(page.get_by_text("录入已保存。")).to_be_visible()

    page.goto(page.url.replace("/basic/", "/relations/"))
    page.get_by_role("link", name="新增关系").click()
    panel = page.get_by_role("dialog", name="新增关系")
    panel.get_by_label("名称（非本行客户时填写）").fill("王测试")
    panel.get_by_role("button", name="保存").click()
    expect(page.get_by_text("录入已保存。")).to_be_visible()
    expect(page.get_by_role("heading", name="员工录入")).to_be_visible()

    page.keyboard.press("Control+k")
    page.locator("#search-host input[type=search]").fill(mobile)
    expect(page.locator("#search-results a.hit", has_text=name)).to_be_visible()


def test_who_may_be_the_same_is_shown_while_one_types(page_as):
    page = page_as("relationship_manager")
    name, mobile = unique("江南重复"), phone()
    make_prospect(page, name, mobile)
    page.goto("/customers/prospects/new/")
    page.get_by_label("手机").press_sequentially(mobile)
    expect(page.get_by_label("已核对，不是同一客户")).to_be_visible()
    page.get_by_label("名称").fill(unique("另一家"))
    page.watch.expect(422)
    page.get_by_role("button", name="新建", exact=True).click()
    expect(page.get_by_text("请先核对可能相同的客户。")).to_be_visible()


def test_a_branch_head_tags_all_of_a_filter(page_as):
    page = page_as("branch_head")
    name = unique("客群")
    page.goto("/segments/tags/")
    page.get_by_label("名称").fill(name)
    page.get_by_role("button", name="新建标签").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    page.goto("/customers/?kind=organisation")
    page.get_by_role("button", name="标签", exact=True).click()
    panel = page.get_by_role("dialog", name="标签")
    panel.get_by_label("标签").select_option(label=name)
    panel.get_by_role("button", name="标签", exact=True).click()
    told = panel.get_by_role("status")
    expect(told).to_contain_text("已打标")
    tagged = int(re.search(r"已打标\s*(\d+)", told.inner_text())[1])
    assert tagged > 0
    page.goto("/segments/tags/")
    row = page.locator("tbody tr", has_text=name)
    expect(row.locator("td.num").first).to_have_text(str(tagged))
    row.get_by_role("link", name=name).click()
    expect(page.locator(".chip", has_text=name)).to_be_visible()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_steward_takes_and_closes_a_piece_of_data_work(page_as, language):
    page = page_as("data_steward", language=language)
    page.goto("/identity/data-work/")
    words = {"zh-hans": ("领取", "关闭", "原因", "我已领取"), "en": ("Take", "Close", "Reason", "Taken by me")}
    take, close, reason, mine = words[language]
    page.locator("tbody tr").first.get_by_role("button", name=re.compile(take)).click()
    page.get_by_role("link", name=mine).click()
    before = page.locator("tbody tr").count()
    assert before > 0
    page.locator("tbody tr").first.get_by_role("link", name=re.compile(f"^{close}")).click()
    panel = page.get_by_role("dialog")
    panel.get_by_label(reason).fill("已核对，资料无误")
    panel.locator("form").get_by_role("button", name=close, exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(before - 1)
