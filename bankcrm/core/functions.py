"""What statistics of use count: functions (a line of the menu, or pages that belong together) and deeds of the audit.

A line of the menu is a function without further words. An app declares here which other pages belong to it, pages that
stand in no menu, and which of its audit actions are counted as what.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bankcrm.core.extensions import Label, Registry, menu

Measure = Literal["logins", "searches", "reveals", "exports", "contacts"]


@dataclass(frozen=True, slots=True)
class PageFunction:
    """Pages that statistics call by one name: those whose URL names begin with one of `routes`; the longest wins.

    Under the code of a menu entry it adds pages to that one; then it needs no label. `lists` are the codes of exports
    (`ExportRecord.list_code`) that are counted here.
    """

    code: str
    routes: tuple[str, ...]
    label: Label = ""
    lists: tuple[str, ...] = ()
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class Deed:
    """An action of the audit (`code`) that is counted as `measure`, at the function of that code.

    Without a function it is the one of the list that the event's detail names.
    """

    code: str
    measure: Measure
    function: str = ""
    permission: str = ""
    order: int = 100


page_functions: Registry[PageFunction] = Registry("function")
deeds: Registry[Deed] = Registry("counted deed")
OTHER = "other"  # what belongs to no function: a version that forgot to say so; `tests/repo` holds that there is none


def function_of(route: str) -> str:
    """The function of a page by its URL name (`customers:overview`); `other` where nobody says."""
    return _function_of(route, page_functions.version, menu.version)


@lru_cache(maxsize=2_000)
def _function_of(route: str, _functions: int, _menu: int) -> str:
    entries = list(menu)
    for entry in entries:
        if entry.url_name == route:
            return entry.code
    fitting = [(len(start), one.code) for one in page_functions for start in one.routes if route.startswith(start)]
    if fitting:
        return max(fitting)[1]
    app, colon, _page = route.partition(":")
    alone = [entry.code for entry in entries if colon and entry.url_name.startswith(f"{app}:")]
    return alone[0] if len(alone) == 1 else OTHER


def functions_of_lists() -> dict[str, str]:
    """Code of an exported list -> function."""
    return {name: one.code for one in page_functions for name in one.lists}


def labels() -> dict[str, Label]:
    """Names of all functions by code, as the program has them."""
    named: dict[str, Label] = {entry.code: entry.label for entry in menu if entry.url_name}
    return named | {one.code: one.label for one in page_functions if one.label}
