"""What a browser complains of while a page is open: whatever is not expected fails the test."""

import re

from playwright.sync_api import ConsoleMessage, Page, Response

FAILED_TO_LOAD = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")

LEFT = ("htmx:afterRequest", "htmx:sendAbort")
"""What htmx says of a request that was still under way when the page was left."""


class Watch:
    """Collects console errors (a violation of the content policy is one), exceptions, foreign requests, 4xx, 5xx."""

    def __init__(self, page: Page, home: str) -> None:
        self.home = home
        self.problems: list[str] = []
        self.expected: set[int] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        page.on("response", self._response)

    def expect(self, *statuses: int) -> None:
        """These answers are what the test is about."""
        self.expected.update(statuses)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if message.text.startswith(LEFT):
            return
        failed = FAILED_TO_LOAD.search(message.text)
        if failed is None:  # the answer itself is recorded below
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _response(self, response: Response) -> None:
        if not response.url.startswith((self.home, "data:", "blob:")):
            self.problems.append(f"a foreign address: {response.url}")
        if response.status >= 500 or (response.status >= 400 and response.status not in self.expected):
            self.problems.append(f"{response.status} of {response.request.method} {response.url}")
