"""Every page of every role, in both languages, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page

from bankcrm.demo.cast import CAST
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.words import foreign_to_chinese, foreign_to_english

ROLES = list(dict.fromkeys(member.role for member in CAST))
VISIBLE_TEXTS = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const inside = node.parentElement;
    if (!inside.closest("script,style,noscript,[lang]:not(html),[data-bank-code],.data-code")) found.add(node.textContent.trim());
  }
  for (const one of document.querySelectorAll("[title],[placeholder],[aria-label],[data-head]"))
    for (const name of ["title", "placeholder", "aria-label", "data-head"])
      if (one.getAttribute(name)) found.add(one.getAttribute(name).trim());
  return [document.title, ...found].filter(Boolean);
}"""
FRAME_TEXTS = """() => [...document.querySelectorAll(
  "#rail a, .tabs a, thead th, label, legend, button:not([lang]):not(.unit-post *), .card-title, .views a, dt, .figs .k, .tag, .bottom-bar a"
)].filter(one => !one.closest(".user-menu,.unit-post,[lang]:not(html)")).map(one => one.textContent.trim()).filter(Boolean)"""
WIDTHS = "() => [document.scrollingElement.scrollWidth, innerWidth]"
FEED_NAMES = re.compile(r"^/feeds/")


def pages_of(page: Page) -> list[str]:
    """Whatever the menus lead to, with one customer's tabs and one load's pages."""
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
                paths += page.locator("#customer-tabs a").evaluate_all("all => all.map(a => a.pathname)")
        accounts = [path for path in paths if path.endswith("/accounts/")]
        if accounts:
            page.goto(accounts[0])
            paths += page.locator("main a[href*='/accounts/']").evaluate_all("all => all.map(a => a.pathname)")[:1]
    if "/feeds/loads/" in paths:
        page.goto("/feeds/loads/")
        paths += page.locator("main tbody a").evaluate_all("all => all.map(a => a.pathname)")[:1]
    return list(dict.fromkeys(paths))


def faults_of(page: Page, path: str, language: str) -> list[str]:
    """What is wrong with a page that is open."""
    found = []
    texts = [
        text for text in page.evaluate(VISIBLE_TEXTS) if not (FEED_NAMES.match(path) and re.fullmatch(r"[\w.]+", text))
    ]
    if language == "zh-hans":
        found += [f"{path}: not Chinese: {text}" for text in foreign_to_chinese(texts)]
    else:
        found += [f"{path}: not English: {text}" for text in foreign_to_english(page.evaluate(FRAME_TEXTS))]
    if page.locator("h1").count() != 1:
        found.append(f"{path}: {page.locator('h1').count()} headings of the first level")
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        page.wait_for_timeout(60)  # charts follow the width a frame later
        wide, shown = page.evaluate(WIDTHS)
        if wide > shown:
            found.append(f"{path}: {wide} pixels wide on a screen of {shown}")
    return found


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_reads_in_one_language_and_fits_the_screen(page_as, role, language):
    page = page_as(role, language=language)
    faults = []
    paths = pages_of(page)
    assert len(paths) > 2
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, f"{path} answers {answer.status}"
        page.wait_for_load_state("networkidle")
        faults += faults_of(page, path, language)
    assert not faults, "\n".join(faults)
