"""The second factor: an app whose code is computed here, a security key that the browser plays."""

import re
import subprocess
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from bankcrm.org import totp
from tests.browser.bank import BANKCRM, ROOT, environment
from tests.browser.conftest import DESKTOP, log_in
from tests.browser.watch import Watch

SET_ROLES = """
import django
django.setup()
from bankcrm.core.scope import Scope
from bankcrm.system.actions import set_parameter
by = Scope.system(because="browser journey")
set_parameter(key="login.second_factor_roles", value="{roles}", by=by, scope=by)
"""


def ask_of(bank, roles):
    """Sets the roles of which the bank asks a second factor."""
    command = [str(BANKCRM.parent / "python"), "-c", SET_ROLES.format(roles=roles)]
    settings = {"BANKCRM_HOME": str(bank.home), "DJANGO_SETTINGS_MODULE": "bankcrm.config.settings"}
    subprocess.run(command, cwd=ROOT, env={**environment(), **settings}, check=True, timeout=60)


@pytest.fixture
def strict(bank):
    """A bank that asks IT operators and auditors for a second factor."""
    ask_of(bank, "it_operator,auditor")
    yield bank
    ask_of(bank, "none")


def next_code(secret, after=0):
    """The next code that was not used yet, and its step."""
    while (step := totp.step_of(datetime.now(UTC))) <= after:
        time.sleep(0.5)
    return totp.code_at(secret, step), step


def test_an_operator_sets_up_an_app_and_comes_in_with_its_code(page_as, strict):
    page = page_as(None)
    page.watch.expect(422)
    log_in(page, strict, "100282")
    expect(page.get_by_role("heading", name="设置第二因素")).to_be_visible()
    page.goto("/account/security/")
    expect(page.get_by_role("heading", name="设置第二因素")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("二维码"))).to_be_visible()
    secret = page.locator("p.tabular").inner_text().replace(" ", "")
    code, step = next_code(secret)
    page.get_by_label("动态码").fill(code)
    page.get_by_role("button", name="绑定应用").click()
    codes = page.locator("#recovery-codes li").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="已抄录").click()
    expect(page.locator("#rail")).to_be_attached()

    again = page_as(None, language="en")
    again.watch.expect(422)
    log_in(again, strict, "100282")
    expect(again.get_by_role("heading", name="Second factor")).to_be_visible()
    again.get_by_label("One-time code").fill(code)
    again.get_by_role("button", name="Go on").click()
    expect(again.get_by_role("alert")).to_be_visible()
    again.get_by_label("One-time code").fill(next_code(secret, step)[0])
    again.get_by_role("button", name="Go on").click()
    expect(again.locator("#rail")).to_be_attached()

    lost = page_as(None)
    log_in(lost, strict, "100282")
    lost.get_by_label("动态码").fill(codes[0])
    lost.get_by_role("button", name="继续").click()
    expect(lost.locator("#rail")).to_be_attached()


@pytest.fixture
def by_name(browser, strict):
    """A page that names the machine: security keys belong to a name, never to an address in numbers."""
    home = f"http://localhost:{strict.port}"
    context = browser.new_context(base_url=home, viewport=DESKTOP, locale="zh-CN")
    context.set_default_timeout(15_000)
    page = context.new_page()
    watch = Watch(page, home)
    yield page
    context.close()
    assert not watch.problems


def log_in_here(page, bank, number):
    page.goto("/account/login/")
    page.get_by_label("工号").fill(number)
    page.get_by_label("密码").fill(bank.password)
    page.get_by_role("button", name="登录").click()


def test_an_auditor_sets_up_a_security_key_and_comes_in_with_it(by_name, strict):
    page = by_name
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = client.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    log_in_here(page, strict, "100259")
    page.get_by_label("密钥名称").fill("蓝色钥匙")
    page.get_by_role("button", name="绑定密钥").click()
    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()
    page.get_by_role("link", name="已抄录").click()
    page.goto("/account/security/")
    expect(page.get_by_text("蓝色钥匙")).to_be_visible()
    page.get_by_role("button", name="吴正").click()
    page.get_by_role("button", name="退出登录").click()
    log_in_here(page, strict, "100259")
    page.get_by_role("button", name="使用安全密钥").click()
    expect(page.locator("#rail")).to_be_attached()
    kept = client.send("WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]})
    assert kept["credentials"][0]["signCount"] >= 2
