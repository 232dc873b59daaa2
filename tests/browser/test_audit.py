"""The audit, as an auditor and a security administrator read it, in both languages."""

import re
import time

from playwright.sync_api import Page, expect

NUMBER = re.compile(r"/customers/(\d{11})/")


def correct_place_of_work(page: Page, place: str) -> tuple[str, str]:
    """A manager corrects the first person of the own list. Answers number and name."""
    page.goto("/customers/mine/?kind=person")
    link = page.locator("tbody a[href^='/customers/6']").first
    number, name = NUMBER.search(link.get_attribute("href") or "")[1], link.inner_text().strip()
    page.goto(f"/customers/{number}/")
    page.goto(f"/customers/{number}/basic/employer_name/")
    page.get_by_label("值").or_(page.locator("[name=value]")).first.fill(place)
    page.locator("[name=reason]").first.fill("客户来电告知")
    page.get_by_role("button", name="更正").click()
    page.wait_for_load_state()
    return number, name


def test_an_auditor_finds_who_opened_a_customer_and_what_a_correction_changed(page_as):
    place = f"新华书店{time.time_ns() % 1_000_000}"
    number, _name = correct_place_of_work(page_as("relationship_manager"), place)

    page = page_as("auditor")
    page.goto(f"/customers/{number}/access/")
    expect(page.get_by_role("heading", name="访问记录")).to_be_visible()
    expect(page.locator("tbody tr", has_text="客户经理").first).to_be_visible()

    page.goto("/system/audit/")
    page.get_by_label("客户号").fill(number)
    page.get_by_role("button", name="查询").click()
    line = page.locator("tbody tr", has_text="更正资料").first
    expect(line).to_contain_text(number)
    line.get_by_role("link").first.click()
    changed = page.locator("tr.is-changed", has_text="工作单位")
    expect(changed).to_contain_text(place)
    expect(changed).to_contain_text("已变更")
    expect(page.get_by_text("客户来电告知")).to_be_visible()

    english = page_as("auditor", language="en")
    english.goto(page.url)
    expect(english.locator("tr.is-changed", has_text="Place of work")).to_contain_text(place)


def test_a_security_administrator_sees_that_it_was_done_and_no_customer(page_as):
    place = f"旧书店{time.time_ns() % 1_000_000}"
    number, name = correct_place_of_work(page_as("relationship_manager"), place)
    for language, action, hidden in (
        ("zh-hans", "更正资料", "无权查看"),
        ("en", "Corrected a field", "Not yours to see"),
    ):
        page = page_as("security_administrator", language=language)
        page.goto("/system/audit/?action=customer.override")
        line = page.locator("tbody tr", has_text=action).first
        expect(line).to_be_visible()
        line.get_by_role("link").first.click()
        expect(page.get_by_text(hidden).first).to_be_visible()
        for secret in (number, name, place):
            expect(page.locator("main")).not_to_contain_text(secret)


def test_the_integrity_of_the_audit_is_verified_when_asked_for(page_as):
    page = page_as("auditor")
    page.goto("/system/audit/integrity/")
    expect(page.get_by_text("最近封存位置")).to_be_visible()
    page.get_by_role("button", name="立即校验").click()
    expect(page.get_by_text("发现 0 个问题")).to_be_visible(timeout=60_000)
    page.goto("/system/audit/integrity/")
    expect(page.get_by_text("全部与写入时一致")).to_be_visible()


def test_the_audit_fits_a_phone(page_as):
    page = page_as("auditor", phone=True)
    for path in ("/system/audit/", "/system/audit/integrity/"):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
