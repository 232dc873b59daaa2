"""A branch head looks over the branch: list, filter, totals, whom nobody looks after, and a file to take along."""

import re

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook


def count(page: Page) -> int:
    """The number of customers in the heading."""
    return int(re.sub(r"\D", "", page.locator("h1 .small").inner_text()))


def total(page: Page) -> int:
    """The number of customers in the line of totals, when it has come."""
    foot = page.locator("tfoot")
    expect(foot).to_contain_text(re.compile(r"本条件合计 · [\d,]+ 户"))
    found = re.search(r"本条件合计 · ([\d,]+) 户", foot.inner_text())
    assert found
    return int(found[1].replace(",", ""))


def numbers(page: Page, place: int) -> list[float]:
    """The figures of a column (counted from one)."""
    cells = page.locator(f"tbody tr td:nth-child({place})").all_inner_texts()
    return [float(re.sub(r"[^\d.-]", "", text) or 0) for text in cells]


def test_totals_are_of_the_whole_filter_and_not_of_the_page(page_as):
    page = page_as("branch_head")
    page.goto("/customers/")
    assert page.locator("tbody tr").count() == 20 < count(page)
    assert total(page) == count(page)


def test_a_condition_becomes_a_chip_that_can_be_taken_away(page_as):
    page = page_as("branch_head")
    page.goto("/customers/")
    everybody = count(page)
    page.get_by_role("button", name="+ 条件").click()
    panel = page.get_by_role("dialog", name="筛选条件")
    panel.get_by_label("类型").select_option(label="对公")
    panel.get_by_role("button", name="查询").click()
    chip = page.locator(".chip", has_text="对公")
    expect(chip).to_be_visible()
    some = count(page)
    assert 0 < some < everybody
    assert total(page) == some
    chip.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/customers/(\?(?!.*kind).*)?$"))
    assert count(page) == everybody


def test_a_click_on_the_head_of_a_column_sorts_by_it(page_as):
    page = page_as("branch_head")
    page.goto("/customers/")
    heads = page.locator("thead th").all_inner_texts()
    place = next(place for place, head in enumerate(heads, 1) if head.startswith("AUM 时点"))
    page.locator("thead").get_by_role("link", name="AUM 时点").click()
    expect(page.locator(f"thead th:nth-child({place})[aria-sort=descending]")).to_be_visible()
    falling = numbers(page, place)
    assert falling == sorted(falling, reverse=True)
    page.locator("thead").get_by_role("link", name="AUM 时点").click()
    expect(page.locator(f"thead th:nth-child({place})[aria-sort=ascending]")).to_be_visible()
    rising = numbers(page, place)
    assert rising == sorted(rising)
    assert rising != falling


def test_customers_whom_nobody_looks_after_are_a_ready_view(page_as):
    page = page_as("branch_head")
    page.goto("/customers/")
    everybody = count(page)
    page.get_by_role("navigation", name="视图").get_by_role("link", name="未分配").click()
    expect(page.get_by_role("navigation", name="视图").locator("[aria-current=page]")).to_contain_text("未分配")
    assert 0 < total(page) < everybody
    heads = page.locator("thead th").all_inner_texts()
    place = next(place for place, head in enumerate(heads, 1) if head.startswith("主办客户经理"))
    assert set(page.locator(f"tbody tr td:nth-child({place})").all_inner_texts()) == {"虚拟客户经理"}


def test_the_exported_file_holds_the_rows_of_the_filter(page_as, tmp_path):
    page = page_as("branch_head")
    page.goto("/customers/?kind=organisation&size=100")
    wanted, rows = total(page), page.locator("tbody tr td:nth-child(2) a").all_inner_texts()
    page.get_by_role("button", name="导出").click()
    panel = page.get_by_role("dialog", name="导出")
    panel.locator("#id_purpose_code").select_option("visit")
    panel.get_by_label("用途说明").fill("支行季度走访名单")
    panel.get_by_role("button", name="生成文件").click()
    link = panel.get_by_role("link", name=re.compile(r"\.xlsx"))
    expect(link).to_be_visible(timeout=60_000)  # the worker makes it
    with page.expect_download() as begun:
        link.click()
    file = tmp_path / "customers.xlsx"
    begun.value.save_as(file)
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    text = "\n".join(str(cell) for row in sheet[:4] for cell in row)
    assert "支行季度走访名单" in text
    assert "赵敏" in text
    names = [str(row[0]) for row in sheet]
    head = next(place for place, row in enumerate(sheet) if "归属机构" in row)
    body = names[head + 1 : -1]
    assert len(body) == wanted
    assert body[: len(rows)] == rows
    assert "合计" in names[-1]
    page.goto("/core/jobs/")
    expect(page.locator("tbody tr").first).to_contain_text("已完成")
