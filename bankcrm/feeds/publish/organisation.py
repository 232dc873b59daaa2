"""The bank itself: units, users, teams, posts and managers, from the org_unit and employee feeds.

A few thousand rows at most, so they are written plainly; everything is inside the transaction that publishes the build.
"""

import logging
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.org import separation
from bankcrm.org.models import Manager, OrgUnit, Post, Team, User
from bankcrm.org.tree import number_tree

Row = dict[str, Any]
log = logging.getLogger(__name__)

# Tables that keep a unit's number beside its id, with the column that holds the id.
NUMBERED = (
    ("customers_customer", "owning_unit_id"),
    ("customers_customervisibility", "unit_id"),
    ("customers_customerunitfigures", "unit_id"),
    ("customers_holding", "unit_id"),
    ("customers_facility", "unit_id"),
)
OF_CUSTOMER = ("customers_customerfigures", "customers_searchkey")
"""Tables that keep the number of their customer's row, without the unit."""


def publish_units(rows: list[Row]) -> int:
    """Inserts and updates units; renumbers the tree, and the rows that keep numbers, when its shape changed.

    A unit missing from a full delivery stays as it is: closing one is said by `closed_on`. Raises TreeError.
    """
    known = {unit.code: unit for unit in OrgUnit.objects.all()}
    parents: dict[str, str | None] = {unit.code: _parent_code(unit, known) for unit in known.values()}
    parents |= {row["unit_id"]: row["parent_id"] or None for row in rows}
    changed = 0
    by_code = {row["unit_id"]: row for row in rows}
    renumbered = False
    for place in number_tree(parents):
        unit = known.get(place.code) or OrgUnit(code=place.code)
        before = _unit_values(unit)
        if row := by_code.get(place.code):
            unit.name, unit.name_en = row["name"], row["name_en"] or ""
            unit.kind, unit.region = row["unit_kind"], row["region"] or ""
            unit.opened_on, unit.closed_on = row["opened_on"], row["closed_on"]
        unit.parent = known[place.parent] if place.parent else None
        renumbered |= unit.pk is not None and unit.no != place.no
        unit.no, unit.no_end, unit.depth = place.no, place.no_end, place.depth
        if unit.pk is None or before != _unit_values(unit):
            unit.save()
            changed += 1
        known[place.code] = unit
    if renumbered:
        _renumber()
    return changed


def _parent_code(unit: OrgUnit, known: dict[str, OrgUnit]) -> str | None:
    return next((other.code for other in known.values() if other.pk == unit.parent_id), None)


def _unit_values(unit: OrgUnit) -> tuple[Any, ...]:
    return (
        unit.name,
        unit.name_en,
        unit.kind,
        unit.region,
        unit.opened_on,
        unit.closed_on,
        unit.parent_id,
        unit.no,
        unit.no_end,
        unit.depth,
    )


def _renumber() -> None:
    with connection.cursor() as cursor:
        for table, column in NUMBERED:
            cursor.execute(
                f"UPDATE {table} t SET unit_no = u.no FROM org_orgunit u WHERE u.id = t.{column} AND t.unit_no <> u.no"
            )
        for table in OF_CUSTOMER:
            cursor.execute(
                f"UPDATE {table} t SET unit_no = c.unit_no "
                "FROM customers_customer c WHERE c.id = t.customer_id AND t.unit_no <> c.unit_no"
            )


def publish_staff(rows: list[Row], *, business_date: date) -> int:
    """Makes and updates users, teams, posts and managers from the employee feed; answers how many rows changed.

    A post that is no longer delivered ends on the business date. Who has left can no longer log in.
    New users have no usable password until an administrator sets one.
    """
    units = {unit.code: unit for unit in OrgUnit.objects.all()}
    root = OrgUnit.objects.get(parent=None)
    changed = 0
    users: dict[str, User] = {user.username: user for user in User.objects.all()}
    for row in sorted(rows, key=lambda row: (row["employee_id"], row["role"])):
        user = users.get(row["employee_id"]) or User(username=row["employee_id"], password=make_password(None))
        before = _user_values(user)
        user.name, user.name_en = row["name"], row["name_en"] or ""
        user.home_unit = units.get(row["unit_id"], root)
        user.mobile, user.email = row["mobile"] or "", row["email"] or ""
        user.left_on = row["left_on"]
        user.is_active = row["left_on"] is None or row["left_on"] > business_date
        if user.pk is None or before != _user_values(user):
            user.save()
            changed += 1
        users[user.username] = user
    teams = _publish_teams(rows, units, root)
    changed += _publish_posts(rows, users, units, root, teams, business_date)
    return changed + _publish_managers(rows, users)


def _user_values(user: User) -> tuple[Any, ...]:
    return (user.name, user.name_en, user.home_unit_id, user.mobile, user.email, user.left_on, user.is_active)


def _publish_teams(rows: list[Row], units: dict[str, OrgUnit], root: OrgUnit) -> dict[str, Team]:
    teams = {team.code: team for team in Team.objects.all()}
    for row in rows:
        code = row["team_id"]
        if code and code not in teams:
            unit = units.get(row["post_unit_id"], root)
            teams[code] = Team.objects.create(code=code, name=row["team_name"] or code, unit=unit)
        elif code and row["team_name"] and teams[code].name != row["team_name"]:
            teams[code].name = row["team_name"]
            teams[code].save(update_fields=["name"])
    return teams


def _publish_posts(
    rows: list[Row],
    users: dict[str, User],
    units: dict[str, OrgUnit],
    root: OrgUnit,
    teams: dict[str, Team],
    business_date: date,
) -> int:
    current = {
        (post.user_id, post.role, post.unit_id): post
        for post in Post.objects.filter(from_feed=True, valid__contains=business_date)
    }
    changed = 0
    for row in rows:
        user, unit = users[row["employee_id"]], units.get(row["post_unit_id"], root)
        if row["left_on"] and row["left_on"] <= business_date:
            continue
        post = current.pop((user.pk, row["role"], unit.pk), None)
        wanted = (row["data_scope"], row["business_line"] or "", teams[row["team_id"]].pk if row["team_id"] else None)
        if post is None:
            try:
                separation.check(user=user, role=row["role"], begins=business_date)
            except ValidationError:
                log.warning("%s is not made %s: an administrator of another kind already", user, row["role"])
                continue
            post = Post(user=user, role=row["role"], unit=unit, from_feed=True, valid=DateRange(business_date, None))
        elif (post.data_scope, post.business_line, post.team_id) == wanted:
            continue
        post.data_scope, post.business_line, post.team_id = wanted
        post.save()
        changed += 1
    for post in current.values():
        changed += 1
        if post.valid.lower == business_date:  # given and taken on one day: it was never held
            post.delete()
            continue
        post.valid = DateRange(post.valid.lower, business_date)
        post.save(update_fields=["valid"])
    return changed


def _publish_managers(rows: list[Row], users: dict[str, User]) -> int:
    known = {manager.user_id: manager for manager in Manager.objects.all()}
    changed = 0
    for row in rows:
        if not row["accredited_from"]:
            continue
        user = users[row["employee_id"]]
        accredited = DateRange(row["accredited_from"], row["accredited_to"])
        manager = known.get(user.pk)
        if manager is None:
            known[user.pk] = Manager.objects.create(user=user, accredited=accredited, from_feed=True)
            changed += 1
        elif manager.accredited != accredited and manager.from_feed:
            manager.accredited = accredited
            manager.save(update_fields=["accredited"])
            changed += 1
    return changed
