"""Arranging the menu."""

from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bankcrm.core import audit, extensions
from bankcrm.core.scope import Scope
from bankcrm.org.roles import ROLES
from bankcrm.system.menu_models import MenuLine
from bankcrm.system.menus import arranging
from bankcrm.system.menus.rules import ICONS, NAME, BadAddress, address_fault

MANAGE = "system.menus"
OBJECT = "system.menuline"
OWN = "system-menus"
LINK = "link-"
STEP = 10
FIELDS = ("label_zh", "label_en", "icon", "order", "is_hidden", "roles", "unit_id", "url", "parent", "parameter")


def link_code() -> str:
    """A code for a new link."""
    return f"{LINK}{token_hex(5)}"


@transaction.atomic
def set_line(*, by: Scope, scope: Scope, code: str, values: Mapping[str, Any]) -> MenuLine:
    """Sets names, icon, order and visibility of a line, or makes or changes a link. Nobody's rights change.

    PermissionDenied without `system.menus`; ValidationError (naming the field) for a line that there is not, an icon
    beyond the set, an unknown role or module, or an address that is none of another system over https.
    """
    scope.require(MANAGE)
    row = MenuLine.objects.select_for_update().filter(code=code).first() or MenuLine(code=code)
    before = _told(row) if row.pk else None
    for name, value in values.items():
        setattr(row, name, value)
    _check(row)
    row.save()
    audit.record(
        "menu.set", by=by, object_type=OBJECT, object_id=code, before=before, after=_told(row), detail={"line": code}
    )
    _changed()
    return row


@transaction.atomic
def reset_line(*, by: Scope, scope: Scope, code: str) -> None:
    """Gives a line back what the program has; removes a link. PermissionDenied without `system.menus`.

    MenuLine.DoesNotExist where nothing is set.
    """
    scope.require(MANAGE)
    row = MenuLine.objects.select_for_update().get(code=code)
    audit.record("menu.reset", by=by, object_type=OBJECT, object_id=code, before=_told(row), detail={"line": code})
    row.delete()
    _changed()


@transaction.atomic
def move_line(*, by: Scope, scope: Scope, code: str, up: bool) -> None:
    """Moves a line one place among those beside it; at the end it stays. PermissionDenied without `system.menus`.

    ValidationError for a line that there is not.
    """
    scope.require(MANAGE)
    arranging.forget()
    beside = _beside(arranging.everything(arranging.settings_now()), code)
    codes = [one.code for one in beside]
    place = codes.index(code)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(codes):
        return
    codes[place], codes[other] = codes[other], codes[place]
    now = {one.code: one.order for one in beside}
    for number, one in enumerate(codes, 1):
        if now[one] != number * STEP:
            MenuLine.objects.update_or_create(code=one, defaults={"order": number * STEP})
    told = {"line": code, "order": codes}
    audit.record("menu.moved", by=by, object_type=OBJECT, object_id=code, detail=told)
    _changed()


def _beside(lines: Sequence[arranging.Line], code: str) -> Sequence[arranging.Line]:
    if any(one.code == code for one in lines):
        return lines
    for module in lines:
        if any(one.code == code for one in module.lines):
            return module.lines
    raise ValidationError(_("There is no such line in the menu."))


def _changed() -> None:
    arranging.forget()
    transaction.on_commit(arranging.forget)


def _told(row: MenuLine) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _check(row: MenuLine) -> None:
    problems: dict[str, str] = {}
    if not row.code.startswith(LINK) and extensions.menu.get(row.code) is None:
        raise ValidationError(_("There is no such line in the menu."))
    if row.icon and row.icon not in ICONS:
        problems["icon"] = _("This icon is not one of the set.")
    if set(row.roles) - ROLES.keys():
        problems["roles"] = _("One of these roles is not known.")
    if row.code == OWN and (row.is_hidden or row.roles or row.unit_id):
        problems["is_hidden"] = _("The page of the menu itself stays for all who may arrange it.")
    if row.code.startswith(LINK):
        problems |= _link_problems(row)
    if problems:
        raise ValidationError({name: [text] for name, text in problems.items()})


def _link_problems(row: MenuLine) -> dict[str, str]:
    problems: dict[str, str] = {}
    says = {
        BadAddress.SCHEME: _("The address must begin with https://."),
        BadAddress.LOGIN: _("An address must not carry a login."),
        BadAddress.HOST: _("The address names no host."),
        BadAddress.CHARACTERS: _("The address holds blanks, quotes or other characters that no address has."),
    }
    if (fault := address_fault(row.url)) is not None:
        problems["url"] = says[fault]
    module = extensions.menu.get(row.parent)
    if row.parent and (module is None or module.parent):
        problems["parent"] = _("There is no such module.")
    if row.parameter and not NAME.fullmatch(row.parameter):
        problems["parameter"] = _("A parameter's name has letters, digits and underscores, and begins with a letter.")
    for name in ("label_zh", "label_en"):
        if not getattr(row, name):
            problems[name] = _("A link needs a name in both languages.")
    return problems
