"""What each database role may do to which table; code, applied by the owner after every migration.

The default is: `web` reads everything and writes nothing, `worker` and `loader` read and write everything. Apps say
what else the web role writes (`grants.web("customers.FieldOverride", "INSERT UPDATE")` in AppConfig.ready) and which
tables nobody but their own action may touch (`grants.only`). `beyond` is web, and `behind` reads like web: they differ
in the rows that they see (`core.row_security`). Partitions get nothing: they are reached through their
parent.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from bankcrm.core import row_security
from bankcrm.core.postgres import role_name

WRITERS = ("worker", "loader")
VERBS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"})
READERS = ("web", "beyond", "behind", *WRITERS)
LIKE_WEB = {"beyond": VERBS, "behind": frozenset({"SELECT"})}
ALL = "SELECT INSERT UPDATE DELETE"
STAGING = "staging"


@dataclass
class Registry:
    """What apps have said. Keys are model labels or names of tables."""

    web: dict[str, set[str]] = field(default_factory=dict)
    only: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    functions: list[str] = field(default_factory=list)


GRANTS = Registry()


def _verbs(text: str) -> frozenset[str]:
    found = frozenset(text.upper().split())
    if unknown := found - VERBS:
        raise ValueError(f"not a privilege on tables: {', '.join(sorted(unknown))}")
    return found


def web(table: str, verbs: str) -> None:
    """The web role may do this too, besides SELECT. `table` is a model's label or a table's name."""
    GRANTS.web.setdefault(table, set()).update(_verbs(verbs))


def only(table: str, **verbs: str) -> None:
    """In place of the default: what each role may do to this table; roles left out may do nothing."""
    GRANTS.only[table] = {role: _verbs(text) for role, text in verbs.items()}


def writers_call(function: str) -> None:
    """Worker and loader may call this function of the owner's: `feeds_analyze(regclass)`."""
    if function not in GRANTS.functions:
        GRANTS.functions.append(function)


def table_name(label: str) -> str:
    """The table of a model's label; anything else is a table's name already. LookupError for an unknown model."""
    return apps.get_model(label)._meta.db_table if "." in label else label


def wanted(tables: Iterable[str]) -> dict[tuple[str, str], frozenset[str]]:
    """(role, table) -> privileges, for the tables that there are."""
    special = {table_name(label): verbs for label, verbs in GRANTS.only.items()}
    written: dict[str, set[str]] = {}
    for label, verbs in GRANTS.web.items():
        written.setdefault(table_name(label), set()).update(verbs)
    found: dict[tuple[str, str], frozenset[str]] = {}
    for table in tables:
        for role in READERS:
            said = "web" if role in LIKE_WEB else role
            default = frozenset({"SELECT"} | written.get(table, set())) if said == "web" else frozenset(ALL.split())
            allowed = special[table].get(said, frozenset()) if table in special else default
            found[role, table] = allowed & LIKE_WEB.get(role, VERBS)
    return found


def apply(using: str = "default") -> None:
    """Makes the database's privileges what the code says, in one transaction. Run as the owner after `migrate`."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition ORDER BY relname"
        )
        tables = [str(name) for (name,) in cursor.fetchall()]
        for statement in _statements(tables):
            cursor.execute(statement)
        if using == "default":
            row_security.apply()


def _statements(tables: list[str]) -> Iterable[sql.Composable]:
    roles = {role: sql.Identifier(role_name(role)) for role in READERS}
    everyone = sql.SQL(", ").join(roles.values())
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(everyone)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(everyone)
    yield sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(everyone)
    for (role, table), verbs in wanted(tables).items():
        if verbs:
            listed = sql.SQL(", ").join(sql.SQL(verb) for verb in sorted(verbs))
            yield sql.SQL("GRANT {} ON public.{} TO {}").format(listed, sql.Identifier(table), roles[role])
    writers = sql.SQL(", ").join(roles[role] for role in WRITERS)
    yield sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(STAGING))
    yield sql.SQL("GRANT USAGE, CREATE ON SCHEMA {} TO {}").format(sql.Identifier(STAGING), writers)
    yield sql.SQL("REVOKE ALL ON FUNCTION core_ensure_months(regclass, date, integer) FROM PUBLIC")
    yield sql.SQL("GRANT EXECUTE ON FUNCTION core_ensure_months(regclass, date, integer) TO {}").format(writers)
    for function in GRANTS.functions:
        yield sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(sql.SQL(function), writers)
