"""One bank and one browser for all journeys; a page for whoever is to act."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bankcrm.demo.cast import CAST
from tests.browser.bank import ROOT, Bank, make_home
from tests.browser.watch import Watch

SCREENSHOTS = ROOT / "var" / "screenshots"
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
OUTCOME = pytest.StashKey[dict[str, bool]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys to one worker: they share a bank."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remembers whether the test failed, for the screenshot."""
    report = yield
    item.stash.setdefault(OUTCOME, {})[report.when] = report.failed
    return report


# The scopes are the package's: Playwright's event loop would not let Django's tests after it touch their database.
@pytest.fixture(scope="package")
def bank() -> Iterator[Bank]:
    """The demonstration bank, loaded up to 2026-11-22 and served."""
    made = Bank(make_home())
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's Chromium."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.fail("no Chromium on this machine: `make test` installs it, or apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield opened
        opened.close()


def employee(who: str) -> str:
    """The employee number of the first of the cast in a role; a number stands for itself."""
    return who if who.isdigit() else next(member.employee_id for member in CAST if member.role == who)


def log_in(page: Page, bank: Bank, number: str, password: str | None = None) -> None:
    """Fills in the login form in whichever language it speaks."""
    page.goto(f"{bank.url}/account/login/")
    page.get_by_label(re.compile("工号|Employee number")).fill(number)
    page.get_by_label(re.compile("密码|Password")).fill(bank.password if password is None else password)
    page.get_by_role("button", name=re.compile("登录|Log in")).click()


@pytest.fixture(scope="package")
def sessions(browser: Browser, bank: Bank) -> dict[str, Any]:
    """The cookies of whoever has logged in once: later pages begin inside."""
    return {}


Open = Callable[..., Page]


@pytest.fixture
def page_as(bank: Bank, browser: Browser, sessions: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[Open]:
    """`page_as(role or employee number, language=, phone=, fresh=)`: a page logged in; None as the role: logged out.

    `fresh` goes through the login form in any case. `page.watch` collects what the browser complains of.
    """
    opened: list[tuple[Page, BrowserContext, Watch]] = []

    def open_page(who: str | None, *, language: str = "zh-hans", phone: bool = False, fresh: bool = False) -> Page:
        number = employee(who) if who else None
        state = None if fresh or number is None else sessions.get(number)
        context = browser.new_context(
            base_url=bank.url, viewport=PHONE if phone else DESKTOP, storage_state=state, locale="zh-CN",
            timezone_id="Asia/Shanghai", accept_downloads=True, is_mobile=phone, has_touch=phone,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "bankcrm_language", "value": language, "url": bank.url}])
        page = context.new_page()
        watch = Watch(page, bank.url)
        page.watch = watch  # type: ignore[attr-defined]
        opened.append((page, context, watch))
        if number and state is None:
            log_in(page, bank, number)
            expect(page.locator("#rail")).to_be_attached()
            page.wait_for_load_state()  # keys pressed before the deferred scripts have run are heard by nobody
            if not fresh:
                sessions[number] = context.storage_state()
        elif number:
            page.goto("/")
        if number and not fresh:
            # A login brings the language that the user chose last.
            context.clear_cookies(name="bankcrm_language")
            context.add_cookies([{"name": "bankcrm_language", "value": language, "url": bank.url}])
        return page

    yield open_page
    failed = request.node.stash.get(OUTCOME, {}).get("call", False)
    problems = []
    for number, (page, context, watch) in enumerate(opened):
        problems += watch.problems
        if failed or watch.problems:
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            name = re.sub(r"[^\w-]+", "-", request.node.name)
            page.screenshot(path=SCREENSHOTS / f"{name}-{number}.png", full_page=True)
        context.close()
    assert not problems, "the browser complained:\n" + "\n".join(problems)
