"""The menu's lines in the bank's order, for one role at one unit. A process reads the settings once in some seconds."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import get_language

from bankcrm.core import extensions
from bankcrm.core.extensions import Label, MenuEntry, MenuModule
from bankcrm.core.scope import Scope
from bankcrm.system.menu_models import MenuLine

SECONDS = 5.0  # how old the settings of another process may be


@dataclass(frozen=True, slots=True)
class Setting:
    """What is set for one line. `low` and `high`: the preorder numbers of the units that see it; None: all."""

    pk: int
    code: str
    label_zh: str
    label_en: str
    icon: str
    order: int | None
    is_hidden: bool
    roles: frozenset[str]
    units: tuple[int, int] | None
    url: str
    parent: str
    parameter: str

    def shows_to(self, role: str, unit_no: int) -> bool:
        """Whether that role at that unit sees the line."""
        if self.is_hidden or (self.roles and role not in self.roles):
            return False
        return self.units is None or self.units[0] <= unit_no < self.units[1]


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is set. `version` changes with every change."""

    lines: tuple[Setting, ...]
    version: str

    def place(self, scope: Scope) -> tuple[bool, ...]:
        """What the scope's unit sees of the lines that are kept to units: posts with the same have the same menu."""
        return tuple(one.units[0] <= scope.unit_no < one.units[1] for one in self.lines if one.units)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it shows. `url` is only of links."""

    code: str
    label: Label
    icon: str
    order: int
    url_name: str = ""
    url: str = ""
    lines: tuple["Line", ...] = ()


_kept: list[tuple[float, Settings]] = []


def settings_now() -> Settings:
    """What is set, at most some seconds old."""
    now = time.monotonic()
    if not _kept or now - _kept[0][0] > SECONDS:
        _kept[:] = [(now, _read())]
    return _kept[0][1]


def forget() -> None:
    """Drops what this process remembers; actions that change it call this."""
    _kept.clear()


def _read() -> Settings:
    rows = MenuLine.objects.select_related("unit").order_by("code")
    lines = tuple(_setting(row) for row in rows)
    return Settings(lines, blake2b(repr(lines).encode(), digest_size=6).hexdigest() if lines else "")


def _setting(row: MenuLine) -> Setting:
    return Setting(
        row.pk, row.code, row.label_zh, row.label_en, row.icon, row.order, row.is_hidden, frozenset(row.roles),
        (row.unit.no, row.unit.no_end) if row.unit else None, row.url, row.parent, row.parameter,
    )  # fmt: skip


def arranged(scope: Scope, known: Settings) -> list[Line]:
    """The modules with their lines as this post sees them, links to other systems among them."""
    by_code = {one.code: one for one in known.lines}
    seen = {one.code for one in known.lines if one.shows_to(scope.role, scope.unit_no)}
    links = [one for one in known.lines if one.url and one.code in seen]
    return _sorted(
        [
            *(
                _module(module, by_code, links, seen)
                for module in extensions.menu_tree(scope)
                if module.entry.code not in by_code or module.entry.code in seen
            ),
            *(_link(one) for one in links if not one.parent),
        ]
    )


def everything(known: Settings) -> list[Line]:
    """All modules and lines in order, whoever sees them: for the page that arranges them."""
    by_code = {one.code: one for one in known.lines}
    links = [one for one in known.lines if one.url]
    entries = list(extensions.menu)
    modules = [
        MenuModule(entry, [line for line in entries if line.parent == entry.code])
        for entry in entries
        if not entry.parent
    ]
    found = [_module(module, by_code, links, set(by_code)) for module in modules]
    return _sorted([*found, *(_link(one) for one in links if not one.parent)])


def _module(module: MenuModule, by_code: dict[str, Setting], links: Sequence[Setting], seen: set[str]) -> Line:
    own = [
        _line(line, by_code.get(line.code)) for line in module.lines if line.code not in by_code or line.code in seen
    ]
    below = [*own, *(_link(one) for one in links if one.parent == module.entry.code)]
    line = _line(module.entry, by_code.get(module.entry.code))
    return Line(line.code, line.label, line.icon, line.order, line.url_name, "", tuple(_sorted(below)))


def _line(entry: MenuEntry, setting: Setting | None) -> Line:
    if setting is None:
        return Line(entry.code, entry.label, entry.icon, entry.order, entry.url_name)
    order = entry.order if setting.order is None else setting.order
    label = named(setting.label_zh, setting.label_en, entry.label)
    return Line(entry.code, label, setting.icon or entry.icon, order, entry.url_name)


def _link(setting: Setting) -> Line:
    # The employee number differs from reader to reader, and a menu's HTML is kept for many: it is added on the way.
    url = reverse("system:menu-link", args=[setting.pk]) if setting.parameter else setting.url
    label = named(setting.label_zh, setting.label_en, setting.code)
    return Line(setting.code, label, setting.icon or "external-link", setting.order or LAST, url=url)


LAST = 900


def _sorted(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda one: (one.order, one.code))


def named(chinese: str, english: str, default: Label) -> Label:
    """The name in the language of the page, chosen when it is shown."""
    if not chinese and not english:
        return default
    shown: Label = lazy(partial(_named, chinese, english, default), str)()
    return shown


def _named(chinese: str, english: str, default: Label) -> str:
    is_chinese = (get_language() or "zh").startswith("zh")
    return (chinese if is_chinese else english) or str(default)
