"""The left menu: which lines a post sees and where they lead. Worked out once for all posts that may do the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

from bankcrm.core import extensions
from bankcrm.core.extensions import Label, MenuEntry
from bankcrm.core.scope import Scope

KEPT = 200  # menus: a bank has some dozen roles


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the menu as this request sees it."""

    code: str
    label: Label
    icon: str
    url: str
    is_active: bool = False
    is_here: bool = False
    children: Sequence["MenuItem"] = ()


@dataclass(frozen=True, slots=True)
class Menu:
    """The lines that some permissions open; `key` is the same for the same lines."""

    key: str
    lines: Sequence[MenuItem]
    urls: Sequence[str]

    def nearest(self, path: str) -> str:
        """The line that a page belongs to: the longest address that the page's begins with."""
        fitting = (url for url in self.urls if path == url or (url != "/" and path.startswith(url)))
        return max(fitting, key=len, default="")

    def items(self, here: str) -> list[MenuItem]:
        """The lines with the one of this address standing out, and its module with it."""
        return [_marked(module, here) for module in self.lines]


def menu_of(scope: Scope) -> Menu:
    """The menu of a post. What is registered later, or under other addresses, makes it anew."""
    return _menu(scope.permissions, extensions.menu.version, (get_urlconf(), get_script_prefix()))


@lru_cache(maxsize=KEPT)
def _menu(permissions: frozenset[str], version: int, _addresses: tuple[str | None, str]) -> Menu:
    lines, urls = [], []
    for module in extensions.menu_tree(Scope(user_id=None, username="", name="", permissions=permissions)):
        below = [line for line in map(_line, module.lines) if line.url]
        own = _url(module.entry)
        urls += [url for url in (own, *(line.url for line in below)) if url]
        if url := own or (below[0].url if below else ""):
            lines.append(replace(_line(module.entry), url=url, children=tuple(below)))
    shown = "|".join(f"{item.code} {item.url}" for module in lines for item in (module, *module.children))
    return Menu(f"{version} {blake2b(shown.encode(), digest_size=8).hexdigest()}", tuple(lines), tuple(urls))


def _line(entry: MenuEntry) -> MenuItem:
    return MenuItem(entry.code, entry.label, entry.icon, _url(entry))


def _marked(module: MenuItem, here: str) -> MenuItem:
    children = tuple(replace(line, is_active=line.url == here, is_here=line.url == here) for line in module.children)
    active = module.url == here or any(line.is_active for line in children)
    return replace(module, is_active=active, is_here=module.url == here and not children, children=children)


def _url(entry: MenuEntry) -> str:
    return reversed_or_empty(entry.url_name) if entry.url_name else ""


def reversed_or_empty(name: str) -> str:
    """The address of a page; empty where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
