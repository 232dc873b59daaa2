"""Who uses the system: by day, week and month, by unit, role, user and function, and who does not; as a file, too."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from tests.browser.words import foreign_to_english

WORDS = {
    "zh-hans": {
        "menu": "主菜单", "usage": "使用统计", "grains": ("按日", "按周", "按月"), "tables": "统计表",
        "by": {"unit": "按机构", "role": "按角色", "user": "按用户", "function": "按功能", "idle": "未使用名单"},
        "role": "系统管理员", "function": "使用统计", "before": "上一期", "none": "本期没有统计数据", "export": "导出",
        "purpose": "用途", "own_words": "用途说明", "make": "生成文件", "never": "从未登录", "until": "统计至",
    },
    "en": {
        "menu": "Main menu", "usage": "Usage", "grains": ("By day", "By week", "By month"), "tables": "Tables",
        "by": {"unit": "By unit", "role": "By role", "user": "By user", "function": "By function",
               "idle": "Not used by"},
        "role": "System administrator", "function": "Usage", "before": "The period before",
        "none": "Nothing was counted in this period", "export": "Export", "purpose": "Purpose",
        "own_words": "In your own words", "make": "Make the file", "never": "never", "until": "exports up to",
    },
}  # fmt: skip
LANGUAGES = pytest.mark.parametrize(("language", "phone"), [("zh-hans", False), ("en", True)])


def table_of(page: Page, said: dict, by: str) -> Locator:
    """The table of that name, chosen by its tab."""
    section = page.locator("section", has=page.get_by_role("heading", name=said["tables"], exact=True))
    section.get_by_role("navigation", name=said["tables"]).get_by_role("link", name=said["by"][by]).click()
    expect(section.locator("nav.tabs a.on")).to_have_text(said["by"][by])
    return section


def until_counted(page: Page, said: dict) -> None:
    """A process writes down each five seconds what it has counted, and the audit is sealed each second."""
    for _second in range(30):
        page.goto("/system/usage/?by=function")
        if page.locator("tbody tr", has_text=said["function"]).count():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError("nothing was counted within half a minute")


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@LANGUAGES
def test_an_administrator_sees_who_uses_what_by_each_period_and_table(page_as, language, phone):
    said = WORDS[language]
    manager = page_as("relationship_manager")
    manager.goto("/customers/mine/")
    page = page_as("system_administrator", language=language, phone=phone)
    until_counted(page, said)
    page.goto("/")
    if phone:
        page.locator(".bottom-bar [data-menu-toggle]").click()
    page.get_by_role("navigation", name=said["menu"]).get_by_role("link", name=said["usage"], exact=True).click()
    expect(page.get_by_role("heading", name=said["usage"], level=1)).to_be_visible()
    expect(page.locator(".filters").first).to_contain_text(said["until"])  # up to when the deeds are counted
    for grain in said["grains"]:
        page.get_by_role("link", name=grain, exact=True).click()
        expect(page.get_by_role("link", name=grain, exact=True)).to_have_class("on")
        assert int(page.locator(".figs .v").first.inner_text()) >= 2
        expect(page.locator(".usage-trend canvas").first).to_be_visible()
        assert fits(page)

    expect(table_of(page, said, "role").locator("tbody tr", has_text=said["role"])).to_be_visible()
    line = table_of(page, said, "function").locator("tbody tr", has_text=said["function"]).first
    expect(line).to_be_visible()
    units = table_of(page, said, "unit")
    units.get_by_role("link", name=re.compile("江州分行|Jiangzhou Branch")).click()
    expect(units.locator("tbody tr", has_text="城东支行")).to_be_visible()
    users = table_of(page, said, "user")
    expect(users.locator("tbody tr", has_text="100482")).to_be_visible()
    expect(users.locator("tbody tr", has_text="100260")).to_have_count(0)  # the unit still narrows
    users.locator("tbody tr", has_text="100482").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("100482")
    assert fits(page)
    page.go_back()
    page.get_by_role("link", name=said["before"]).click()
    expect(page.get_by_text(said["none"], exact=True)).to_be_visible()
    if language == "en":
        assert foreign_to_english(page.locator("main th, main label, main h2, main nav.tabs a").all_inner_texts()) == []


@LANGUAGES
def test_those_who_do_not_use_the_system_are_a_list_and_a_file(page_as, tmp_path, language, phone):
    said = WORDS[language]
    page = page_as("system_administrator", language=language, phone=phone)
    page.goto("/system/usage/")
    idle = table_of(page, said, "idle")
    silent = idle.locator("tbody tr", has_text="200031")
    expect(silent).to_contain_text(said["never"])
    expect(idle.locator("tbody tr", has_text="100260")).to_have_count(0)
    assert fits(page)
    count = int(re.search(r"\d+", idle.locator(".list-note").inner_text())[0])

    page.get_by_role("button", name=said["export"], exact=True).click()
    panel = page.locator("#panel-body")
    panel.get_by_label(re.compile(f"^{said['purpose']}[*]?$")).select_option("report")
    panel.get_by_label(said["own_words"]).fill("督促未使用人员")
    panel.get_by_role("button", name=said["make"]).click()
    with page.expect_download() as download:
        panel.locator("a[download]").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert said["by"]["idle"] in str(rows[0][0])
    assert "督促未使用人员" in str(rows[2][0])
    assert [row[0] for row in rows[5:]].count("200031") == 1
    assert len(rows[5:]) == count


def test_a_branch_head_sees_the_own_units_and_a_manager_nothing(page_as):
    page = page_as("branch_head")
    page.goto("/system/usage/?by=user")
    expect(page.locator("main")).not_to_contain_text("100260")
    options = page.locator("#id_unit option").all_text_contents()
    assert any("城东支行" in one for one in options)
    assert not any("东湖支行" in one for one in options)
    manager = page_as("relationship_manager")
    manager.watch.expect(403)
    manager.goto("/system/usage/")
    expect(manager.locator("main")).to_contain_text("权限")
