"""Every page of every role, in both languages, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page

from bankcrm.demo.cast import CAST
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.words import foreign_to_chinese, foreign_to_english

ROLES = list(dict.fromkeys(member.role for member in CAST))
WHOLE_CUSTOMER = ("relationship_manager", "auditor")
"""Who opens every tab of a person and of an organisation. The others open one page: the templates are the same."""
IN_ENGLISH = (*WHOLE_CUSTOMER, "branch_head", "data_steward", "system_administrator", "it_operator")
WALKS = [(role, "zh-hans") for role in ROLES] + [(role, "en") for role in IN_ENGLISH]
FITS = "document.scrollingElement.scrollWidth <= innerWidth"
SETTLED = "document.readyState === 'complete' && !document.querySelector('.htmx-request')"
VISIBLE_TEXTS = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const inside = node.parentElement;
    if (!inside.closest("script,style,noscript,[lang]:not(html)")) found.add(node.textContent.trim());
  }
  for (const one of document.querySelectorAll("[title],[placeholder],[aria-label],[data-head]"))
    for (const name of ["title", "placeholder", "aria-label", "data-head"])
      if (one.getAttribute(name)) found.add(one.getAttribute(name).trim());
  return [document.title, ...found].filter(Boolean);
}"""
FRAME_TEXTS = """() => [...document.querySelectorAll(
  "#rail a, .tabs a, thead th, label, legend, .btn, .card-title, .views:not(.path) a, dt, .figs .k, .bottom-bar a"
)].filter(one => !one.closest("[lang]:not(html)")).map(one => one.textContent.trim()).filter(Boolean)"""
FEED_PAGES = re.compile(r"^/(feeds|api|system|org/roles)/")
"""Pages that name files, feeds, parameters and permissions as the bank's IT writes them."""


def pages_of(page: Page, role: str) -> list[str]:
    """Whatever the menus lead to, with customers' tabs and one load's pages."""
    page.goto("/")
    paths = page.locator("#rail a, .entries a, .dropdown-menu a, .top a").evaluate_all(
        "all => all.map(a => a.pathname)"
    )
    paths = list(dict.fromkeys(["/", *paths]))
    if "/customers/" in paths:
        for kind in ("person", "organisation"):
            page.goto(f"/customers/?kind={kind}")
            customer = page.locator("tbody td a").first
            if customer.count():
                customer.click()
                tabs = page.locator("#customer-tabs a").evaluate_all("all => all.map(a => a.pathname)")
                paths += tabs if role in WHOLE_CUSTOMER else tabs[:1]
        accounts = [path for path in paths if path.endswith("/accounts/")]
        if accounts:
            page.goto(accounts[0])
            paths += page.locator("main a[href*='/accounts/']").evaluate_all("all => all.map(a => a.pathname)")[:1]
    if "/feeds/loads/" in paths:
        page.goto("/feeds/loads/")
        paths += page.locator("#loads tbody a").evaluate_all("all => all.map(a => a.pathname)")[:1]
    return list(dict.fromkeys(paths))


def comes_true(page: Page, condition: str, *, seconds: float = 2) -> bool:
    """Whether a condition holds before long. Asked from outside: the content policy lets no page evaluate text."""
    for _attempt in range(int(seconds * 20)):
        if page.evaluate(condition):
            return True
        page.wait_for_timeout(50)
    return False


def faults_of(page: Page, path: str, language: str) -> list[str]:
    """What is wrong with a page that is open."""
    found = []
    texts = page.evaluate(VISIBLE_TEXTS)
    if language == "zh-hans":
        found += [
            f"{path}: not Chinese: {text}" for text in foreign_to_chinese(texts, codes=not FEED_PAGES.match(path))
        ]
    else:
        found += [f"{path}: not English: {text}" for text in foreign_to_english(page.evaluate(FRAME_TEXTS))]
    if page.locator("h1").count() != 1:
        found.append(f"{path}: {page.locator('h1').count()} headings of the first level")
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        if not comes_true(page, FITS):  # charts follow the width some frames later
            found.append(f"{path}: wider than a screen of {size['width']}")
    return found


@pytest.mark.parametrize(("role", "language"), WALKS)
def test_every_page_reads_in_one_language_and_fits_the_screen(page_as, role, language):
    page = page_as(role, language=language)
    faults = []
    paths = pages_of(page, role)
    assert len(paths) > 2
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, f"{path} answers {answer.status}"
        assert comes_true(page, SETTLED, seconds=15), f"{path} does not settle"
        faults += faults_of(page, path, language)
    assert not faults, "\n".join(faults)
