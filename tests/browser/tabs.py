"""The tabs of the customer page, some of which may stand behind the button "more"."""

from playwright.sync_api import Page


def tab_names(page: Page) -> list[str]:
    """The words of all tabs, in their order."""
    return [" ".join(text.split()) for text in page.locator("#customer-tabs a").all_text_contents()]


def open_tab(page: Page, name: str) -> None:
    """Opens the tab of that name, through the menu where it does not stand in the row."""
    tab = page.locator("#customer-tabs a").nth(tab_names(page).index(name))
    if not tab.is_visible():
        page.locator("#customer-tabs .more-tabs button").click()
    tab.click()
