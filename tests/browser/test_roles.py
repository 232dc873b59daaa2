"""What the other roles meet: read only, duplicates, finding by phone, and machinery without customers."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.tabs import open_tab, tab_names
from tests.browser.test_manager import NUMBER


def test_an_auditor_reads_and_changes_nothing(page_as):
    page = page_as("auditor")
    page.goto("/customers/?kind=person")
    expect(page.get_by_role("button", name="导出")).to_have_count(0)
    page.locator("tbody td a").first.click()
    page.wait_for_url(NUMBER)
    for name in tab_names(page):
        open_tab(page, name)
        expect(page.locator("#customer-tabs a[aria-current=page]")).to_have_text(name)
        expect(page.locator("main form[method=post]")).to_have_count(0)
        for word in ("登记联络", "新建待办", "更正"):  # "更正信息" is the name of an event
            expect(page.locator("main").get_by_role("link", name=re.compile(rf"^{word}(\s|$)"))).to_have_count(0)
    page.watch.expect(403)
    number = NUMBER.search(page.url)[1]
    assert page.goto(f"/customers/{number}/contacts/log/").status == 403
    expect(page.get_by_role("link", name=re.compile("首页|返回|工作台")).first).to_be_visible()


def test_a_steward_sees_pairs_that_may_be_one_customer(page_as):
    page = page_as("data_steward")
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="疑似重复").click()
    expect(page.get_by_role("heading", name="疑似重复")).to_be_visible()
    row = page.locator("#candidates tbody tr").first
    names = row.get_by_role("link").all_inner_texts()
    assert len(names) == 2
    row.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(names[0])


def test_a_call_centre_finds_by_the_whole_phone_number_and_sees_it_masked(page_as, bank):
    page = page_as("call_centre")
    needle = phone_of_somebody(bank)
    page.keyboard.press("Control+k")
    page.locator("#search-host input[type=search]").fill(needle)
    hit = page.locator("#search-results a.hit").first
    expect(hit).to_be_visible()
    expect(hit).to_contain_text("*")
    expect(hit).not_to_contain_text(needle)
    hit.click()
    page.wait_for_url(NUMBER)
    assert needle not in page.content()
    page.watch.expect(403)
    assert page.goto("/customers/").status == 403


@pytest.mark.parametrize(
    ("language", "ask", "right", "confirm", "until"),
    [
        ("zh-hans", "核实来电人", "对", "判定", "来电人已核实，至 "),
        ("en", "Is the caller the customer?", "Right", "Decide", "Caller verified until"),
    ],
)
def test_a_call_centre_sees_the_name_once_the_caller_is_verified(page_as, bank, language, ask, right, confirm, until):
    page = page_as("call_centre", fresh=True)  # a session of its own: whom another one verified is nothing to it
    page.context.clear_cookies(name="bankcrm_language")
    page.context.add_cookies([{"name": "bankcrm_language", "value": language, "url": bank.url}])
    page.goto(f"/search/?q={phone_of_somebody(bank)}")
    hit = page.get_by_role("main").locator("a[href^='/customers/']").first
    expect(hit).to_contain_text("*")
    hit.click()
    page.wait_for_url(NUMBER)
    expect(page.get_by_role("heading", level=1)).to_contain_text("*")
    expect(page.get_by_text(ask)).to_be_visible()
    for choice in page.get_by_role("radio", name=right).all():
        choice.check()
    page.get_by_role("button", name=re.compile(confirm)).click()
    expect(page.get_by_text(re.compile(until))).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("*")
    page.goto(f"/search/?q={phone_of_somebody(bank)}")
    expect(page.get_by_role("main").locator("a[href^='/customers/'] .who").first).not_to_contain_text("*")


def phone_of_somebody(bank) -> str:
    """A mobile number from the delivered files."""
    for path in sorted(bank.inbox.glob("history/*/contact_point*")):
        if found := re.search(rb"\b1[3-9]\d{9}\b", path.read_bytes()):
            return found[0].decode()
    raise AssertionError("the demonstration delivers no mobile number as text")


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "it_operator"])
def test_who_runs_the_machinery_sees_no_customer_and_meets_no_dead_end(page_as, role):
    page = page_as(role)
    assert page.goto("/").status == 200
    expect(page.locator("[data-search-open]")).to_have_count(0)
    for link in page.locator("#rail a, .entries a, .dropdown-menu a").evaluate_all("all => all.map(a => a.pathname)"):
        assert not link.startswith("/customers")
        assert page.goto(link).status == 200, link
    page.watch.expect(403)
    assert page.goto("/customers/").status == 403
    page.get_by_role("main").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/$"))
