"""Reads of the menu as it is arranged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from bankcrm.core import extensions
from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.org.models import OrgUnit
from bankcrm.org.roles import ROLES
from bankcrm.system.menu_models import MenuLine
from bankcrm.system.menus import arranging
from bankcrm.system.menus.actions import LINK, MANAGE, OBJECT
from bankcrm.system.menus.rules import with_number

Label = str | Promise
HISTORY = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A line on the page that arranges the menu. `row` is what is set for it."""

    line: arranging.Line
    row: MenuLine | None
    roles: Sequence[Label]
    default: Label
    lines: Sequence["Shown"] = ()

    @property
    def is_link(self) -> bool:
        """Whether it leads to another system."""
        return self.line.code.startswith(LINK)


def lines(scope: Scope) -> list[Shown]:
    """All modules with their lines in order. Needs `system.menus`."""
    scope.require(MANAGE)
    rows = {row.code: row for row in MenuLine.objects.select_related("unit")}
    return [_shown(one, rows) for one in arranging.everything(arranging.settings_now())]


def _shown(line: arranging.Line, rows: dict[str, MenuLine]) -> Shown:
    row, entry = rows.get(line.code), extensions.menu.get(line.code)
    roles = [ROLES[code].label if code in ROLES else code for code in row.roles] if row else []
    return Shown(line, row, roles, entry.label if entry else "", [_shown(one, rows) for one in line.lines])


def line(scope: Scope, code: str) -> tuple[MenuLine, Label]:
    """What is set for a line, unsaved where nothing is; and the program's name of it. Needs `system.menus`.

    MenuLine.DoesNotExist for a line that there is not.
    """
    scope.require(MANAGE)
    row = MenuLine.objects.select_related("unit").filter(code=code).first()
    entry = extensions.menu.get(code)
    if row is None and entry is None:
        raise MenuLine.DoesNotExist(code)
    return row or MenuLine(code=code), entry.label if entry else ""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a line, in words."""

    at: datetime
    username: str
    text: str


def history(scope: Scope, code: str) -> list[Change]:
    """The latest changes of a line, also by moves of its neighbours. Needs `system.menus`."""
    scope.require(MANAGE)
    rows = AuditEvent.objects.filter(object_type=OBJECT, object_id=code).order_by("-occurred_at")[:HISTORY]
    return [Change(row.occurred_at, row.username, _told(row)) for row in rows]


def _told(event: AuditEvent) -> str:
    if event.action == "menu.moved":
        return gettext("Moved in the order")
    if event.action == "menu.reset":
        return gettext("Reset to what was delivered")
    before, after = event.before or {}, event.after or {}
    changed = [name for name in after if after[name] != before.get(name, EMPTY.get(name, ""))]
    return "; ".join(f"{_label(name)}: {_word(name, after[name])}" for name in changed) or gettext(
        "Saved without a change"
    )


EMPTY: dict[str, Any] = {"order": None, "is_hidden": False, "roles": [], "unit_id": None}


LABELS = {field.attname: field.verbose_name for field in MenuLine._meta.concrete_fields}


def _label(name: str) -> str:
    return str(LABELS.get(name, name))


def _word(name: str, value: Any) -> str:
    if name == "roles":
        return "、".join(str(ROLES[one].label) if one in ROLES else one for one in value) or "–"
    if name == "unit_id" and value:
        unit = OrgUnit.objects.filter(pk=value).first()
        return unit.label if unit else str(value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return "–" if value in (None, "") else str(value)


def preview(scope: Scope, role: str, unit: OrgUnit) -> list[arranging.Line]:
    """The menu of a role at a unit. Needs `system.menus`."""
    scope.require(MANAGE)
    seen_as = Scope(None, "", role=role, unit_id=unit.pk, unit_no=unit.no, permissions=ROLES[role].permissions)
    return arranging.arranged(seen_as, arranging.settings_now())


def target(scope: Scope, line_id: int) -> str:
    """Where a link leads the reader, with the employee number. MenuLine.DoesNotExist for one that is not shown them."""
    row = MenuLine.objects.exclude(url="").exclude(parameter="").get(pk=line_id)
    setting = next((one for one in arranging.settings_now().lines if one.pk == row.pk), None)
    if setting is None or not setting.shows_to(scope.role, scope.unit_no):
        raise MenuLine.DoesNotExist(str(line_id))
    return with_number(row.url, row.parameter, scope.username)
