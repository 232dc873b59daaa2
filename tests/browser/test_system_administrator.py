"""A system administrator's day: the tree of units, the menu, a parameter."""

import re

from playwright.sync_api import Page, expect


def save(page: Page, name: str) -> None:
    """Presses the form's own button: the title and the rail may have links of the same name."""
    page.locator("main form").get_by_role("button", name=name, exact=True).click()


def ordered(page: Page, page_after: str) -> None:
    """Waits for the job that writes the tree and goes to what it made."""
    page.wait_for_url(re.compile(r"/core/jobs/\d+/$"))
    expect(page.locator("#job")).to_contain_text("已完成", timeout=60_000)
    page.get_by_role("link", name=page_after).last.click()


def add_unit(page: Page, code: str, name: str) -> str:
    """A unit below 城东支行. Answers its address."""
    page.goto("/org/units/new/")
    parent = page.locator("#id_parent option", has_text="城东支行").first.get_attribute("value")
    page.locator("#id_parent").select_option(parent)
    page.get_by_label("机构号").fill(code)
    page.get_by_label("中文名称").fill(name)
    page.get_by_label("英文名称").fill(f"{code} Outlet")
    page.locator("#id_kind").select_option("outlet")
    save(page, "新增机构")
    ordered(page, name)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url


def test_a_unit_is_added_moved_closed_opened_again_and_merged_by_two(page_as):
    page = page_as("system_administrator")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="机构", exact=True).click()
    expect(page.get_by_role("heading", name="机构", level=1)).to_be_visible()
    first, second = add_unit(page, "9101", "滨河社区支行"), add_unit(page, "9102", "望江社区支行")

    page.goto(first)
    page.get_by_role("link", name="迁移").click()
    target = page.locator("#id_parent option", has_text="东湖支行").first.get_attribute("value")
    page.locator("#id_parent").select_option(target)
    page.get_by_label("原因").fill("网点划转")
    save(page, "迁移")
    ordered(page, "滨河社区支行")
    expect(page.locator("section", has=page.get_by_role("heading", name="隶属关系"))).to_contain_text("东湖支行")

    page.get_by_role("link", name="撤销机构").click()
    page.watch.expect(422)
    save(page, "撤销机构")
    expect(page.locator(".errors").first).to_be_visible()
    page.get_by_label("原因").fill("装修停业")
    save(page, "撤销机构")
    expect(page.locator("dl.facts")).not_to_contain_text("新增机构")
    page.get_by_role("link", name="恢复").click()
    page.get_by_label("原因").fill("装修完毕")
    save(page, "恢复")
    expect(page.get_by_role("link", name="撤销机构")).to_be_visible()

    page.goto(second)
    page.get_by_role("link", name="合并").click()
    target = page.locator("#id_into option", has_text="滨河社区支行").first.get_attribute("value")
    page.locator("#id_into").select_option(target)
    page.get_by_label("原因").fill("网点撤并")
    save(page, "提交复核")
    expect(page.locator(".notice", has_text="待他人审批")).to_contain_text("滨河社区支行")
    agreed_by_a_second_person(page_as("security_administrator"))

    page.goto("/core/jobs/")
    page.locator("tbody a", has_text="望江社区支行 → 滨河社区支行").first.click()
    expect(page.locator("#job")).to_contain_text("已完成", timeout=60_000)
    page.get_by_role("link", name="望江社区支行", exact=True).click()
    expect(page.locator(".notice", has_text="并入滨河社区支行")).to_be_visible()
    expect(page.get_by_role("link", name="恢复")).to_have_count(0)  # nothing undoes a merge
    page.locator(".notice").get_by_role("link", name="滨河社区支行").click()
    gone_up = page.locator("section", has=page.get_by_role("heading", name="并入本机构的机构"))
    expect(gone_up.get_by_role("link", name="望江社区支行")).to_be_visible()
    shown_where_it_went(page_as)


def shown_where_it_went(page_as) -> None:
    """The tree keeps the closed unit apart, with the one that it went up in."""
    for language, phone, name, says in (
        ("zh-hans", False, "望江社区支行", "已并入滨河社区支行"),
        ("en", True, "9102 Outlet", "merged into 9101 Outlet"),
    ):
        tree = page_as("system_administrator", language=language, phone=phone)
        tree.goto("/org/units/")
        expect(tree.locator(".unit-tree a", has_text=name)).to_have_count(0)
        tree.goto("/org/units/?state=closed")
        line = tree.locator(".unit-tree .leaf", has=tree.get_by_role("link", name=name, exact=True))
        expect(line).to_be_visible()  # the tree is unfolded down to it
        expect(line).to_contain_text(says)


def agreed_by_a_second_person(page: Page) -> None:
    """A security administrator finds the merge on the landing page and agrees to it."""
    card = page.locator("section.card", has=page.get_by_role("heading", name="待我审批"))
    card.get_by_role("link", name="望江社区支行 → 滨河社区支行").click()
    asked = page.locator("section", has=page.get_by_role("heading", name="申请事项"))
    expect(asked.locator("tr", has_text="撤并机构")).to_contain_text("9102 望江社区支行")
    expect(asked.locator("tr", has_text="并入机构")).to_contain_text("9101 滨河社区支行")
    page.get_by_label("意见").fill("同意撤并")
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.locator(".notice", has_text="已同意")).to_be_visible()


def test_the_menu_is_put_in_order_hidden_and_led_elsewhere(page_as):
    page = page_as("system_administrator")
    page.goto("/system/menus/")
    lines = page.locator("#customers > ul > li")
    second = lines.nth(1).get_attribute("id")
    lines.nth(1).get_by_role("button", name=re.compile("上移")).click()
    expect(page.locator("#customers > ul > li").first).to_have_attribute("id", second)

    page.get_by_role("link", name="添加外部系统链接").click()
    page.get_by_label("中文名称").fill("办公系统")
    page.get_by_label("英文名称").fill("Office")
    page.watch.expect(422)
    page.get_by_label("地址").fill("http://oa.bank.example/")
    save(page, "保存")
    expect(page.locator(".errors").first).to_be_visible()
    page.get_by_label("地址").fill("https://oa.bank.example/")
    save(page, "保存")
    line = page.locator("li[id^=link-]", has_text="办公系统").first
    expect(line).to_be_visible()

    page.locator("li[id*=tier]").get_by_role("link").click()
    page.get_by_label("对所有人隐藏").check()
    save(page, "保存")
    expect(page.locator(".tag", has_text="不显示").first).to_be_visible()
    page.locator("#role").select_option("product_manager")
    expect(page.locator(".menu-preview")).to_contain_text("办公系统")
    expect(page.locator(".menu-preview")).not_to_contain_text("分层")
    page.locator("li[id*=tier]").get_by_role("link").click()
    page.locator("form[action$='/reset/'] button").click()
    expect(page.locator("li[id*=tier]")).not_to_contain_text("不显示")


def test_a_parameter_is_set_within_its_bounds_and_nowhere_else(page_as):
    page = page_as("system_administrator")
    page.goto("/system/parameters/customers.verify.minutes/")
    page.watch.expect(422)
    for value, is_allowed in (("100000", False), ("很久", False), ("25", True)):
        page.locator("#id_value").fill(value)
        page.locator("#id_reason").fill("来电核实时间")
        page.locator("form:has(#id_value) button.btn-primary").click()
        page.wait_for_load_state()
        assert (page.locator(".errors").count() == 0) == is_allowed
        if value == "100000":
            expect(page.locator(".errors")).to_contain_text("240")  # how far it may go
    line = page.locator("section", has=page.get_by_role("heading", name="现行与待生效设置")).locator("tbody tr")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("25")
    expect(line).to_contain_text("孙伟")
    expect(line).to_contain_text("来电核实时间")
