"""The door: a wrong password, too many of them, and the way out."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import log_in


def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(page_as, bank):
    page = page_as(None)
    log_in(page, bank, "100226", "Wrong-Password-1")
    expect(page.get_by_text("工号或密码不正确")).to_be_visible()
    assert "/account/login/" in page.url


def test_logging_out_ends_the_session(page_as):
    page = page_as("100108", fresh=True)
    page.get_by_role("button", name="赵国栋").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.goto("/customers/")
    assert "/account/login/?next=/customers/" in page.url
    page.go_back()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_after_too_many_wrong_passwords_the_account_is_locked_for_the_right_one_too(page_as, bank):
    page = page_as(None)
    page.watch.expect(403, 429)
    for _attempt in range(12):
        log_in(page, bank, "100108", "Wrong-Password-1")
        page.wait_for_load_state()
        if page.get_by_role("heading", name="账户已锁定").count():
            break
    expect(page.get_by_role("heading", name="账户已锁定")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"登录失败次数过多，请在 \d+ 分钟后重试"))
    log_in(page, bank, "100108")
    expect(page.get_by_role("heading", name="账户已锁定")).to_be_visible()
