"""The left menu: which lines a post sees and where they lead. Worked out once for all posts that may do the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

from bankcrm.core import extensions
from bankcrm.core.extensions import Label
from bankcrm.core.scope import Scope
from bankcrm.system.menus import arranging

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
    is_outside: bool = False  # another system of the bank: opens in a new tab
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
    """The menu of a post. What is registered or arranged later, or stands under other addresses, makes it anew."""
    known = arranging.settings_now()
    seen_as = Scope(
        user_id=None, username="", name="", role=scope.role, unit_no=scope.unit_no, permissions=scope.permissions
    )
    role = scope.role if known.lines else ""
    shared = (scope.permissions, role, known.place(scope), known.version, extensions.menu.version)
    return _menu(shared, (get_urlconf(), get_script_prefix()), _Inputs(seen_as, known))


class _Inputs:
    """What a menu is made from. Any two are equal: what decides is in the other arguments of `_menu`."""

    def __init__(self, scope: Scope, known: arranging.Settings) -> None:
        self.scope, self.known = scope, known

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Inputs)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=KEPT)
def _menu(shared: tuple[object, ...], _addresses: tuple[str | None, str], inputs: _Inputs) -> Menu:
    lines, urls = [], []
    for module in arranging.arranged(inputs.scope, inputs.known):
        below = [line for line in map(_line, module.lines) if line.url]
        inside = [line.url for line in below if not line.is_outside]
        own = _line(module)
        urls += [url for url in ("" if own.is_outside else own.url, *inside) if url]
        if own.url or below:
            first = own if own.url else next((line for line in below if not line.is_outside), below[0])
            lines.append(replace(own, url=first.url, is_outside=first.is_outside, children=tuple(below)))
    shown = "|".join(f"{item.code} {item.url}" for module in lines for item in (module, *module.children))
    digest = blake2b(shown.encode(), digest_size=8).hexdigest()
    return Menu(f"{shared[-2]} {shared[-1]} {digest}", tuple(lines), tuple(urls))


def _line(line: arranging.Line) -> MenuItem:
    if line.url:
        return MenuItem(line.code, line.label, line.icon, line.url, is_outside=True)
    return MenuItem(line.code, line.label, line.icon, reversed_or_empty(line.url_name) if line.url_name else "")


def _marked(module: MenuItem, here: str) -> MenuItem:
    children = tuple(replace(line, is_active=line.url == here, is_here=line.url == here) for line in module.children)
    active = module.url == here or any(line.is_active for line in children)
    return replace(module, is_active=active, is_here=module.url == here and not children, children=children)


def reversed_or_empty(name: str) -> str:
    """The address of a page; empty where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
