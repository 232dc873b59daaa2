"""The bank itself: units, users, teams, posts and managers, from the org_unit and employee feeds.

A few thousand rows at most, so they are written plainly; everything is inside the transaction that publishes the build.
"""

import logging
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.org import separation
from bankcrm.org.actions import by_hand, renumber
from bankcrm.org.models import Manager, OrgUnit, Post, Team, User
from bankcrm.org.tree import TreeError, number_tree

Row = dict[str, Any]
log = logging.getLogger(__name__)


def publish_units(rows: list[Row]) -> int:
    """Inserts and updates units; renumbers the tree, and the rows that keep numbers, when its shape changed.

    A unit missing from a full delivery stays as it is: closing one is said by `closed_on`. What staff changed stays
    while the feed says what it said then (`org.actions.by_hand`). Raises TreeError.
    """
    known = {unit.code: unit for unit in OrgUnit.objects.all()}
    by_id = {unit.pk: unit.code for unit in known.values()}
    before = {code: _unit_values(unit) for code, unit in known.items()}
    parents = {unit.code: by_id.get(unit.parent_id or 0) for unit in known.values()}
    for row in rows:
        unit = known.setdefault(row["unit_id"], OrgUnit(code=row["unit_id"]))
        parents[unit.code] = _take(unit, row, parents.get(unit.code))
    parents = _without_cycles(parents, known, rows)
    shaped = False
    for place in number_tree(parents):
        unit = known[place.code]
        unit.parent = known[place.parent] if place.parent else None
        is_new = place.code not in before
        if is_new:
            unit.no, unit.no_end, unit.depth = place.no, place.no_end, place.depth
        shaped |= is_new or unit.no != place.no or unit.no_end != place.no_end
        if is_new or before[place.code] != _unit_values(unit):
            unit.save()
    changed = {code for code, unit in known.items() if before.get(code) != _unit_values(unit)}
    return max(len(changed), renumber() if shaped else 0)


def _take(unit: OrgUnit, row: Row, parent: str | None) -> str | None:
    """Puts what the row says on the unit, but for what staff changed; answers the code of its parent."""
    said = {
        "name": row["name"],
        "name_en": row["name_en"] or "",
        "kind": row["unit_kind"],
        "region": row["region"] or "",
        "opened_on": _text(row["opened_on"]),
        "closed_on": _text(row["closed_on"]),
        "parent": row["parent_id"] or None,
    }
    held = {**{name: _text(getattr(unit, name)) for name in said if name != "parent"}, "parent": parent}
    values, unit.by_hand = by_hand.settle(unit.by_hand, held, said)
    if unit.merged_into_id is not None:  # what went up in another does not open again
        values["closed_on"] = values["closed_on"] or held["closed_on"]
    unit.name, unit.name_en, unit.kind, unit.region = (values[name] for name in ("name", "name_en", "kind", "region"))
    unit.opened_on, unit.closed_on = _day(values["opened_on"]), _day(values["closed_on"])
    unit.from_feed = True
    above: str | None = values["parent"]
    return above


def _without_cycles(
    parents: dict[str, str | None], known: dict[str, OrgUnit], rows: list[Row]
) -> dict[str, str | None]:
    """The parents as they are where they make a tree; where moves by hand and the feed's make none, the feed's."""
    try:
        number_tree(parents)
    except TreeError:
        moved = [row for row in rows if "parent" in (known[row["unit_id"]].by_hand or {})]
        for row in moved:
            unit = known[row["unit_id"]]
            unit.by_hand = {name: said for name, said in (unit.by_hand or {}).items() if name != "parent"} or None
        return parents | {row["unit_id"]: row["parent_id"] or None for row in moved}
    return parents


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _unit_values(unit: OrgUnit) -> tuple[Any, ...]:
    return (
        unit.name,
        unit.name_en,
        unit.kind,
        unit.region,
        unit.opened_on,
        unit.closed_on,
        unit.parent_id,
        unit.from_feed,
        unit.by_hand,
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
        _take_user(user, row, units.get(row["unit_id"], root), business_date)
        if user.pk is None or before != _user_values(user):
            user.save()
            changed += 1
        users[user.username] = user
    teams = _publish_teams(rows, units, root)
    changed += _publish_posts(rows, users, units, root, teams, business_date)
    return changed + _publish_managers(rows, users)


def _take_user(user: User, row: Row, home: OrgUnit, business_date: date) -> None:
    """Puts what the row says on the user, but for what staff changed."""
    said = {
        "name": row["name"],
        "name_en": row["name_en"] or "",
        "home_unit": home.pk,
        "mobile": row["mobile"] or "",
        "email": row["email"] or "",
        "left_on": _text(row["left_on"]),
    }
    held = {name: _text(getattr(user, name)) for name in said if name != "home_unit"}
    values, user.by_hand = by_hand.settle(user.by_hand, {**held, "home_unit": user.home_unit_id}, said)
    user.name, user.name_en, user.home_unit_id = values["name"], values["name_en"], values["home_unit"]
    user.mobile, user.email, user.left_on = values["mobile"], values["email"], _day(values["left_on"])
    user.is_active = user.left_on is None or user.left_on > business_date
    user.from_feed = True


def _user_values(user: User) -> tuple[Any, ...]:
    return (
        user.name,
        user.name_en,
        user.home_unit_id,
        user.mobile,
        user.email,
        user.left_on,
        user.is_active,
        user.from_feed,
        user.by_hand,
    )


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
    posts = list(Post.objects.filter(valid__overlap=DateRange(business_date, None)).order_by("id"))
    current = {_key(post): post for post in posts if post.from_feed and business_date in post.valid}
    by_staff = {_key(post): post for post in posts if not post.from_feed}
    held_back = {_key(post): post for post in Post.objects.filter(ended_by_hand=True).order_by("id")}
    changed = 0
    for row in rows:
        user, unit = users[row["employee_id"]], units.get(row["post_unit_id"], root)
        if row["left_on"] and row["left_on"] <= business_date:
            continue
        key = (user.pk, row["role"], unit.pk)
        wanted = (row["data_scope"], row["business_line"] or "", teams[row["team_id"]].pk if row["team_id"] else None)
        ended = held_back.pop(key, None)
        post = current.pop(key, None)
        if ended is not None and post is None and _values(ended) == wanted:
            continue  # what staff ended stays ended while the feed says the same
        post = post or by_staff.get(key)
        if post is None:
            try:
                separation.check(user=user, role=row["role"], begins=business_date)
            except ValidationError:
                log.warning("%s is not made %s: an administrator of another kind already", user, row["role"])
                continue
            post = Post(user=user, role=row["role"], unit=unit, from_feed=True, valid=DateRange(business_date, None))
        elif _values(post) == wanted and post.from_feed:
            continue
        post.data_scope, post.business_line, post.team_id = wanted
        post.from_feed = True  # one that staff gave is the feed's from now on
        post.save()
        changed += 1
    Post.objects.filter(pk__in=[post.pk for post in held_back.values()]).update(ended_by_hand=False)
    return changed + _end_posts(current.values(), business_date)


def _key(post: Post) -> tuple[int, str, int]:
    return (post.user_id, post.role, post.unit_id)


def _values(post: Post) -> tuple[str, str, int | None]:
    return (post.data_scope, post.business_line, post.team_id)


def _end_posts(posts: Iterable[Post], business_date: date) -> int:
    """Ends posts that are no longer delivered."""
    changed = 0
    for post in posts:
        changed += 1
        if post.valid.lower == business_date and not post.delegations.exists():
            post.delete()  # given and taken on one day: it was never held
            continue
        post.valid = DateRange(post.valid.lower, max(business_date, post.valid.lower + timedelta(days=1)))
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
