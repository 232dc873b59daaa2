"""Row-level security: PostgreSQL's own answer to who sees which customer, a second wall behind `.within(scope)`.

The first wall is the ORM's: every read says its scope. Should a query ever forget, or say it wrongly, the web role
still sees no foreign row: a policy on each table of customers compares the row with what `told`
has said to the transaction, and without that nothing is seen at all. The other roles are not restricted: jobs and loads
act for the whole bank, and read within a scope only where they act for somebody (`behind`).

Some reads mean the whole bank (`.everything(because=…)`): whether a number is known elsewhere, the other members of a
group. They go through the wall by the role `beyond`, for that one statement. So do the narrow queries that find a
list's ids, since no policy lets PostgreSQL use an index for what is not leakproof (decision 0022); the rows that a list
shows are read behind the wall again.

Policies are code, like grants: `bankcrm migrate` applies them, as the owner, where they differ from what stands.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction
from psycopg import pq, sql

from bankcrm.core import context
from bankcrm.core.dates import today
from bankcrm.core.postgres import role_name
from bankcrm.core.scope import Scope

WALL, OPEN = "bankcrm_wall", "bankcrm_open"
OPEN_TO = ("beyond", "worker", "loader")


@dataclass(frozen=True, slots=True)
class RowPolicy:
    """Which rows of a table the web role sees: an SQL condition over the table's columns and `SETTINGS`."""

    table: str
    condition: str


@dataclass(frozen=True, slots=True)
class Wall:
    """The database role that is restricted to the scope, and the one that is taken on to see more."""

    inside: str
    outside: str


@dataclass
class Registry:
    """What apps said: makers of policies, and functions of the owner's (`CREATE OR REPLACE …`) or makers of them."""

    makers: list[Callable[[], Iterable[RowPolicy]]] = field(default_factory=list)
    functions: list[str | Callable[[], str]] = field(default_factory=list)


POLICIES = Registry()

# Each is read once a statement, not once a row: a subquery on nothing is an InitPlan (0.1 ms against 100 per 100,000).
SETTINGS = {
    "scope": "(SELECT nullif(current_setting('app.scope', true), '')::int4multirange)",
    "walled": "(SELECT nullif(current_setting('app.walled', true), '')::int4multirange)",
    "covers": "(SELECT nullif(current_setting('app.covers', true), '')::bigint[])",
    "today": "(SELECT nullif(current_setting('app.today', true), '')::date)",
    "lines": "(SELECT nullif(current_setting('app.lines', true), '')::text[])",
    # Ranges and nothing else decide: no lines of business, no ethical wall.
    "plain": "(SELECT coalesce(current_setting('app.lines', true), '') = '' "
    "AND coalesce(current_setting('app.walled', true), '') = '')",
    "whole": "(SELECT coalesce(current_setting('app.scope', true), '') = '{(,)}' "
    "AND coalesce(current_setting('app.lines', true), '') = '')",
}


def register(maker: Callable[[], Iterable[RowPolicy]], *functions: str) -> None:
    """Policies of an app's tables, made when all models are known, and the functions that they call."""
    POLICIES.makers.append(maker)
    POLICIES.functions.extend(functions)


def register_function(maker: Callable[[], str]) -> None:
    """A function of the owner's that can only be written when all apps have said theirs."""
    POLICIES.functions.append(maker)


def settings_of(scope: Scope) -> dict[str, str]:
    """What a transaction is told about who asks: text for `set_config`, empty where nothing narrows."""
    serving = context.current()
    return {
        "app.username": scope.username,
        "app.request_id": serving.request_id if serving else "",
        "app.scope": scope.multirange,
        "app.walled": "{" + ",".join(f"[{low},{high})" for low, high in scope.walled) + "}" if scope.walled else "",
        "app.covers": "{" + ",".join(map(str, scope.coverage_user_ids)) + "}",
        "app.today": today().isoformat(),
        "app.lines": "{" + ",".join(f'"{line}"' for line in scope.lines) + "}" if scope.lines else "",
    }


@contextmanager
def told(scope: Scope) -> Iterator[None]:
    """The block's statements are the web role's, behind the wall, as this scope. Inside a transaction."""
    _tell(settings_of(scope))
    with _standing(Wall(role_name("web"), role_name("beyond"))):
        yield


@contextmanager
def behind(scope: Scope) -> Iterator[None]:
    """The block's reads show a job what the scope sees and no more; nothing can be written in it."""
    names = settings_of(scope)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT current_user, {', '.join(['coalesce(current_setting(%s, true), %s)'] * len(names))}",
                [word for name in names for word in (name, "")],
            )
            before, *values = cursor.fetchone() or ("",)
        _tell(settings_of(scope))
        _become(role_name("behind"))
        with _standing(Wall(role_name("behind"), before)):
            yield
        # The transaction may be part of a longer one.
        _become(before)
        _tell(dict(zip(names, values, strict=True)))


@contextmanager
def beyond(*, because: str) -> Iterator[None]:
    """The block's statements see all rows. `because` says to the next reader why (ValueError without)."""
    if not because:
        raise ValueError("going beyond the wall needs a reason")
    wall = standing()
    if wall is None:
        yield
        return
    _become(wall.outside)
    try:
        with _standing(None):
            yield
    finally:
        if connection.connection.info.transaction_status != pq.TransactionStatus.INERROR:
            _become(wall.inside)  # else the rollback brings it back


def standing() -> Wall | None:
    """The wall that restricts the statements of this connection just now."""
    wall: Wall | None = getattr(connection, "bankcrm_wall", None)
    return wall


@contextmanager
def _standing(wall: Wall | None) -> Iterator[None]:
    before = standing()
    connection.bankcrm_wall = wall  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.bankcrm_wall = before  # type: ignore[attr-defined]


def _tell(settings: Mapping[str, str]) -> None:
    calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [word for pair in settings.items() for word in pair])


def _become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])


def wanted() -> list[RowPolicy]:
    """All policies of the running code, by table."""
    return sorted((policy for maker in POLICIES.makers for policy in maker()), key=lambda policy: policy.table)


def apply() -> None:
    """Makes the database's policies what the code says. Run as the owner inside a transaction, after the grants."""
    with connection.cursor() as cursor:
        for function in POLICIES.functions:
            cursor.execute(function if isinstance(function, str) else function())
        cursor.execute(
            "SELECT c.relname, obj_description(p.oid, 'pg_policy') FROM pg_policy p "
            "JOIN pg_class c ON c.oid = p.polrelid WHERE p.polname = %s AND c.relnamespace = 'public'::regnamespace",
            [WALL],
        )
        standing = dict(cursor.fetchall())
        policies = wanted()
        for table in standing.keys() - {policy.table for policy in policies}:
            for statement in _without(table):
                cursor.execute(statement)
        for policy in policies:
            if standing.get(policy.table) != _mark(policy):
                for statement in _statements(policy):
                    cursor.execute(statement)


def _mark(policy: RowPolicy) -> str:
    roles = ",".join(role_name(role) for role in ("web", "behind", *OPEN_TO))
    return hashlib.sha256(f"{policy.condition} {roles}".encode()).hexdigest()[:16]


def _roles(*roles: str) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(role_name(role)) for role in roles)


def _without(table: str) -> Iterable[sql.Composable]:
    name = sql.Identifier("public", table)
    for policy in (WALL, OPEN):
        yield sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(sql.Identifier(policy), name)
    yield sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(name)


def _statements(policy: RowPolicy) -> Iterable[sql.Composable]:
    """Reading and changing are walled; a row that is added may be anybody's, as the actions' rules allow it."""
    name, wall = sql.Identifier("public", policy.table), sql.Identifier(WALL)
    yield from _without(policy.table)
    yield sql.SQL("CREATE POLICY {} ON {} TO {} USING ({}) WITH CHECK (true)").format(
        wall, name, _roles("web", "behind"), sql.SQL(policy.condition)
    )
    yield sql.SQL("CREATE POLICY {} ON {} TO {} USING (true) WITH CHECK (true)").format(
        sql.Identifier(OPEN), name, _roles(*OPEN_TO)
    )
    yield sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name)
    yield sql.SQL("COMMENT ON POLICY {} ON {} IS {}").format(wall, name, sql.Literal(_mark(policy)))
