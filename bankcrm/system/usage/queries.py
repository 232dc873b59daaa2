"""Reads of usage: figures with their trend, tables, who does not use the system. Everything needs `system.usage`.

A reader sees what was done at the units of the own scope, in the role and at the unit of that time. Figures are added
up by SQL, from rows of the grain that is asked for. A user is active who opened a page or logged in.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, functions
from bankcrm.core.extensions import Label
from bankcrm.core.scope import Scope
from bankcrm.core.wording import listed
from bankcrm.org.models import OrgUnit, Post, User
from bankcrm.org.queries import at_work, visible_units
from bankcrm.org.roles import ROLES
from bankcrm.system.menus import arranging
from bankcrm.system.usage.periods import Period
from bankcrm.system.usage_models import ALL, Usage, UsageCursor

VIEW = "system.usage"
By = Literal["unit", "role", "user", "function"]
MOST = 200  # lines of a table on the page; the file has all
KEYS = {"start": "u.start", "unit": "w.place", "role": "u.role", "user": "u.user_id", "function": "u.function"}
ONE_FUNCTION, EACH_FUNCTION = "u.function = %(function)s", "u.function <> ''"  # without a name: all together
SQL = Path(__file__).resolve().parent / "sql"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted. Times in milliseconds; `users` are active ones, each once."""

    views: int = 0
    requests: int = 0
    milliseconds: int = 0
    worst: int = 0
    slow: int = 0
    errors: int = 0
    logins: int = 0
    searches: int = 0
    reveals: int = 0
    exports: int = 0
    contacts: int = 0
    users: int = 0

    @property
    def mean(self) -> int | None:
        """Milliseconds of a request; None where none was counted."""
        return round(self.milliseconds / self.requests) if self.requests else None


NOTHING = Figures()
WIDTH = len(fields(Figures))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at: one period, narrowed or not. `unit` counts with those below it."""

    period: Period
    unit: OrgUnit | None = None
    role: str = ""
    function: str = ""
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table. `key` is what the filter takes to look closer; `note` stands pale beside the name."""

    key: str
    label: Label
    figures: Figures
    note: str = ""
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The busiest first; `all_lines` is how many there are."""

    lines: Sequence[Line]
    all_lines: int

    @property
    def is_cut(self) -> bool:
        """Whether the page shows only the first of them."""
        return self.all_lines > len(self.lines)


def counted_until() -> datetime | None:
    """Up to when the audit is counted; None before anything was."""
    return UsageCursor.objects.values_list("until", flat=True).first()


def trend(scope: Scope, wanted: Wanted) -> list[tuple[Period, Figures]]:
    """The period with those before it, the oldest first. Needs `system.usage`."""
    periods = wanted.period.trend()
    found = dict(_read(scope, wanted, "start", [one.start for one in periods], len(periods))[0])
    return [(one, found.get(one.start, NOTHING)) for one in periods]


def table(scope: Scope, wanted: Wanted, by: By, most: int = MOST) -> Table:
    """The period by unit, role, user or function. Needs `system.usage`."""
    rows, number = _read(scope, wanted, by, [wanted.period.start], most)
    if by == "unit":
        return Table(_units(scope, wanted, rows), number)
    if by == "user":
        users = User.objects.select_related("home_unit").in_bulk([key for key, _figures in rows])
        return Table([_user(key, users.get(key), figures) for key, figures in rows], number)
    names = role_labels() if by == "role" else function_labels()
    return Table([Line(key, names.get(key, key or "–"), figures) for key, figures in rows], number)


def _units(scope: Scope, wanted: Wanted, rows: Sequence[tuple[int, Figures]]) -> list[Line]:
    units = OrgUnit.objects.in_bulk([key for key, _figures in rows])
    gathered = Counter(_places(scope, wanted.unit).values())
    return [
        # A line that gathers several units can be looked into; one that stands for itself cannot.
        Line(units[key].code if gathered[key] > 1 else "", units[key].label, figures, units[key].code)
        for key, figures in rows
    ]


def _user(key: int, user: User | None, figures: Figures) -> Line:
    if user is None:
        return Line("", str(key), figures)
    return Line(user.username, user.label, figures, user.username, user.pk)


def _read(
    scope: Scope, wanted: Wanted, by: str, starts: Sequence[date], most: int
) -> tuple[list[tuple[Any, Figures]], int]:
    """(key, figures) the busiest first, and how many keys there are. The units come from the scope, always."""
    scope.require(VIEW)
    places = _places(scope, wanted.unit)
    given = {
        "units": list(places),
        "places": list(places.values()),
        "grain": wanted.period.grain,
        "starts": list(starts),
        "role": wanted.role,
        "function": wanted.function,
        "user": wanted.user_id,
        "most": most,
    }
    which = EACH_FUNCTION if by == "function" and not wanted.function else ONE_FUNCTION
    with connection.cursor() as cursor:
        cursor.execute(_figures_sql().replace("/* key */", KEYS[by]).replace("/* functions */", which), given)
        rows = cursor.fetchall()
    return [(row[0], Figures(*row[1 : 1 + WIDTH])) for row in rows], rows[0][-1] if rows else 0


@cache
def _figures_sql() -> str:
    return (SQL / "figures.sql").read_text(encoding="utf-8")


def _places(scope: Scope, chosen: OrgUnit | None) -> Mapping[int, int]:
    """Visible unit -> the unit under which its line counts it: the highest visible ones, or those below the chosen."""
    units = visible_units(scope).order_by("no")
    if chosen is not None:
        units = units.filter(no__gte=chosen.no, no__lt=chosen.no_end)
    rows = list(units.values_list("pk", "no", "no_end"))
    if not rows:
        return {}
    top = rows[0] if chosen is not None or rows[0][2] > rows[-1][1] else None
    places: dict[int, int] = {}
    holder: tuple[int, int] | None = None  # (unit, no_end) of the line that counts what comes next
    for pk, no, no_end in rows:
        if top is not None and pk == top[0]:
            places[pk] = pk
            continue
        if holder is None or no >= holder[1]:
            holder = (pk, no_end)
        places[pk] = holder[0]
    return places


def role_labels() -> dict[str, Label]:
    """Roles by code; what was done at no post has its words, too."""
    return {code: role.label for code, role in ROLES.items()} | {"": _("At no post")}


def function_labels() -> dict[str, Label]:
    """Functions by code, under the names that the bank gave its menu."""
    named: dict[str, Label] = functions.labels() | {functions.OTHER: _("Other pages")}
    for one in arranging.settings_now().lines:
        if one.code in named:
            named[one.code] = arranging.named(one.label_zh, one.label_en, named[one.code])
    return named


def troubles(lines: Sequence[Line]) -> list[Line]:
    """Those of the functions' lines with slow requests or errors, the most of them first."""
    bad = [line for line in lines if line.figures.slow or line.figures.errors]
    return sorted(bad, key=lambda line: (-line.figures.slow - line.figures.errors, -line.figures.worst))


@dataclass(frozen=True, slots=True)
class Idle:
    """A user who did not use the system. `days` since the last login; None where there was none."""

    user: User
    roles: str
    days: int | None


def idle_users(scope: Scope, wanted: Wanted) -> QuerySet[User]:
    """Users at work who held a post in the period and hold one now, and neither logged in nor opened a page in it.

    Leavers and those whose posts begin later are left out. Those who never logged in come first, then the longest
    silent. Needs `system.usage`.
    """
    scope.require(VIEW)
    period, today = wanted.period, dates.today()
    posts = Post.objects.filter(user=OuterRef("pk"))
    if wanted.role:
        posts = posts.filter(role=wanted.role)
    used = Usage.objects.everything(because="whoever worked at another unit is not idle").filter(
        user_id=OuterRef("pk"), grain=period.grain, start=period.start, function=ALL
    )
    rows = at_work().filter(
        Exists(posts.filter(valid__contains=today)),
        Exists(posts.filter(valid__overlap=DateRange(period.start, period.end))),
        ~Exists(used.filter(Q(views__gt=0) | Q(logins__gt=0))),
        home_unit__in=list(_places(scope, wanted.unit)),
    )
    return rows.select_related("home_unit").order_by(F("last_login").asc(nulls_first=True), "username")


def idle_lines(users: Sequence[User]) -> list[Idle]:
    """The same with the roles held today and the days since the last login. Two queries."""
    today = dates.today()
    roles: dict[int, list[str]] = {}
    for post in Post.objects.filter(user__in=users, valid__contains=today).order_by("id"):
        roles.setdefault(post.user_id, []).append(post.role_label)
    return [
        Idle(
            user,
            listed(dict.fromkeys(roles.get(user.pk, []))),
            (today - user.last_login.astimezone(dates.zone()).date()).days if user.last_login else None,
        )
        for user in users
    ]


def person(scope: Scope, user_id: int) -> User:
    """A user of the reader's units, or who has worked at one of them. User.DoesNotExist otherwise."""
    scope.require(VIEW)
    who = User.objects.select_related("home_unit").get(pk=user_id)
    is_near = visible_units(scope).filter(pk=who.home_unit_id).exists()
    if not is_near and not Usage.objects.within(scope).filter(user_id=user_id).exists():
        raise User.DoesNotExist(user_id)
    return who
