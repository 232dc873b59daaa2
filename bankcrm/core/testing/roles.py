"""Tests connect as the owner and act as the web role, so that a missing grant fails in a test and not at a bank."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished
from django.db import connections
from django.db.backends.signals import connection_created
from psycopg import sql

from bankcrm.core.postgres import role_name

_active = False
TOLD = ("app.scope", "app.walled", "app.covers", "app.today", "app.lines")


def _say(connection: Any, statement: sql.Composed | sql.SQL) -> None:
    """Runs a statement below Django, so that tests which count queries do not count it."""
    connection.ensure_connection()
    connection.connection.execute(statement)


def _set_web(connection: Any) -> None:
    """As web, which outside of a request sees the whole bank here: tests that look at the wall say their scope."""
    _say(connection, sql.SQL("SELECT set_config('app.scope', '{{(,)}}', false)").format())
    _say(connection, sql.SQL("SET ROLE {}").format(sql.Identifier(role_name("web"))))


def act_as_web() -> None:
    """From now on every connection of this process acts as the web role."""
    global _active
    _active = True
    connection_created.connect(_on_connection, dispatch_uid="bankcrm.testing.roles")
    request_finished.connect(_forget_scope, dispatch_uid="bankcrm.testing.roles")
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None:
            _set_web(connection)


def act_as_owner() -> None:
    """Ends `act_as_web`: for making and dropping the test database."""
    global _active
    _active = False
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None:
            _say(connection, sql.SQL("RESET ROLE"))


def _on_connection(sender: Any, connection: Any, **kwargs: Any) -> None:
    if _active and connection.vendor == "postgresql":
        _set_web(connection)


def _forget_scope(**_kwargs: Any) -> None:
    """A test's transaction lasts longer than the request's inside it, and with it what the request told PostgreSQL."""
    for connection in connections.all(initialized_only=True):
        if _active and connection.in_atomic_block and not connection.needs_rollback:
            for name in TOLD:
                value = "{(,)}" if name == "app.scope" else ""
                _say(connection, sql.SQL("SELECT set_config({}, {}, true)").format(name, value))


@contextmanager
def as_owner(using: str = "default") -> Iterator[None]:
    """Writes tables that the web role may not write: what factories need. Nothing happens where tests run as owner."""
    connection = connections[using]
    if not _active:
        yield
        return
    _say(connection, sql.SQL("RESET ROLE"))
    try:
        yield
    finally:
        # In a failed transaction nothing can be said; its rollback brings the role back that it began with.
        if connection.connection is not None and connection.connection.info.transaction_status.name != "INERROR":
            _set_web(connection)
