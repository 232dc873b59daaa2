"""What an address of another system must be, and the icons to choose from."""

import re
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

ICONS = (
    "layout-dashboard",
    "home", "checklist", "users", "user", "building", "building-bank", "report-money", "coin", "cash", "credit-card",
    "wallet", "pig-money", "chart-bar", "chart-line", "chart-pie", "table", "list-details", "target", "flag", "bell",
    "calendar", "clock", "message", "mail", "phone", "news", "book", "school", "file-text", "folder", "search",
    "settings", "shield-lock", "key", "database", "cloud", "server", "link", "external-link", "world", "map-pin",
    "briefcase", "scale", "gift", "star", "heart-handshake", "affiliate", "sitemap", "printer", "download",
)  # fmt: skip
HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.IGNORECASE)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
UNSAFE = re.compile(r"[\s\\<>\"'`\x00-\x1f\x7f]")


class BadAddress(StrEnum):
    """Why an address is not taken."""

    CHARACTERS = "characters"
    SCHEME = "scheme"
    HOST = "host"
    LOGIN = "login"


def address_fault(url: str) -> BadAddress | None:
    """What is wrong with an address of another system; None for nothing. Host names without a dot are a bank's own."""
    if UNSAFE.search(url):
        return BadAddress.CHARACTERS
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return BadAddress.HOST
    if parts.scheme != "https":
        return BadAddress.SCHEME
    if parts.username is not None or parts.password is not None:
        return BadAddress.LOGIN
    return None if HOST.fullmatch(host) else BadAddress.HOST


def with_number(url: str, name: str, number: str) -> str:
    """The address with the employee number as a parameter of that name."""
    parts = urlsplit(url)
    query = urlencode(
        [*(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name), (name, number)]
    )
    return urlunsplit(parts._replace(query=query))
