"""The database's roles. The web role owns nothing; migrations run as the owner; tests do the same.

Four roles log in: `owner` (migrations), `loader` (feeds and builds), `worker` (jobs), `web` (pages). Two are only taken
on (`bankcrm.core.row_security`): `beyond` by a page for statements that mean the whole bank, `behind` by a job that
reads as somebody sees it. Their names carry the
database's name as prefix, so that several banks can share a server. What each may do to which table is granted by
`bankcrm.core.grants` after a migration; here they are only made and let in.
"""

import os
import re
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from bankcrm.core.home import Home, secret
from bankcrm.core.postgres.errors import PostgresError

LOGIN_ROLES = ("owner", "loader", "worker", "web")
ROLES = (*LOGIN_ROLES, "beyond", "behind")
DEFAULT_DATABASE = "bankcrm"
LONGEST_PREFIX = 40

# Limits that a role has unless it asks for others: a page must not hold a lock or run for minutes.
LIMITS: dict[str, dict[str, str]] = {
    "web": {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "60s"},
    "worker": {"lock_timeout": "60s"},
    "loader": {"lock_timeout": "60s"},
}


def database_url() -> str | None:
    """The server named by DATABASE_URL, when there is one."""
    return os.environ.get("DATABASE_URL") or None


def database_name() -> str:
    """The database's name: DATABASE_URL's, else `bankcrm`."""
    url = database_url()
    if url is None:
        return DEFAULT_DATABASE
    try:
        name = conninfo_to_dict(url).get("dbname")
    except psycopg.ProgrammingError as error:
        raise PostgresError(f"DATABASE_URL cannot be read: {error}".strip()) from error
    if not name:
        raise PostgresError("DATABASE_URL names no database. Write postgresql://user:password@host:5432/database")
    return str(name)


def role_name(role: str) -> str:
    """The name in PostgreSQL of one of ROLES. Raises PostgresError for another role or an unusable database name."""
    if role not in ROLES:
        raise PostgresError(f"there is no role {role}; the roles are {', '.join(ROLES)}.")
    name = database_name()
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name) or len(name) > LONGEST_PREFIX:
        raise PostgresError(
            f"the database's name {name!r} cannot begin the names of roles: use lower-case letters, digits and _, "
            f"at most {LONGEST_PREFIX}."
        )
    return f"{name}_{role}"


def password_key(role: str) -> str:
    """The name under which a role's password is kept among the home's secrets."""
    return f"postgres_{role}_password"


def prepare(connection: psycopg.Connection, home: Home) -> None:
    """Makes roles and database, or puts right what is missing. Every step may be repeated."""
    for role in LOGIN_ROLES:
        _make_role(connection, role, secret(home, password_key(role)))
    _make_taken_on(connection)
    owner = role_name("owner")
    _run(connection, "GRANT {} TO CURRENT_USER", owner)
    for role in ("loader", "worker", "web", "beyond", "behind"):
        # The owner may act as these: tests migrate as owner and then run as web.
        _run(connection, "GRANT {} TO {}", role_name(role), owner)
    # A load ordered on a page runs in the worker, and takes over the staging tables of the last one.
    _run(connection, "GRANT {} TO {}", role_name("loader"), role_name("worker"))
    name = database_name()
    row = connection.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if row is None:
        _run(connection, "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'", name, owner)
    elif row[0] != owner:
        _run(connection, "ALTER DATABASE {} OWNER TO {}", name, owner)
    _let_in(connection, name)


def _make_taken_on(connection: psycopg.Connection) -> None:
    """The roles that web and worker take on. Web inherits nothing from its own, or its wall would not stand."""
    for role in ("beyond", "behind"):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role_name(role),)).fetchone():
            _run(connection, "CREATE ROLE {} NOLOGIN", role_name(role))
    web = role_name("web")
    row = connection.execute("SELECT rolinherit FROM pg_roles WHERE rolname = %s", (web,)).fetchone()
    if row is None or row[0]:
        _run(connection, "ALTER ROLE {} NOINHERIT", web)
    _run(connection, "GRANT {} TO {}", role_name("beyond"), web)
    _run(connection, "GRANT {} TO {}", role_name("behind"), role_name("worker"))


def _make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    name = role_name(role)
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    action: LiteralString = "ALTER ROLE {} LOGIN PASSWORD {}" if exists else "CREATE ROLE {} LOGIN PASSWORD {}"
    hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    if not exists or not _password_fits(connection, name, password):
        connection.execute(sql.SQL(action).format(sql.Identifier(name), sql.Literal(hashed)))


def _password_fits(connection: psycopg.Connection, name: str, password: str) -> bool:
    """Whether the role can log in with this password: a second web machine must not change the first one's."""
    info = connection.info
    try:
        psycopg.connect(
            host=info.host, port=info.port, dbname=info.dbname, user=name, password=password, connect_timeout=10
        ).close()
    except psycopg.OperationalError as error:
        return "password authentication failed" not in str(error)
    return True


def _let_in(connection: psycopg.Connection, name: str) -> None:
    _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
    for role in ("loader", "worker"):
        _run(connection, "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", name, role_name(role))
    _run(connection, "GRANT CONNECT ON DATABASE {} TO {}", name, role_name("web"))
    for role, limits in LIMITS.items():
        for setting, value in limits.items():
            connection.execute(
                sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                    sql.Identifier(role_name(role)), sql.Identifier(name), sql.Identifier(setting), sql.Literal(value)
                )
            )


def _run(connection: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
