"""Tests connect as the owner and act as the web role, so that a missing grant fails in a test and not at a bank.

The role changes before the first statement that needs another one, not at each factory: of a test's statements, half
would say nothing but SET ROLE.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished
from django.db import connections
from django.db.backends.signals import connection_created
from psycopg import pq

from bankcrm.core.postgres import role_name

TOLD = ("app.walled", "app.covers", "app.today", "app.lines")
FORGET = "SELECT " + ", ".join(
    ["set_config('app.scope', '{(,)}', true)", *(f"set_config('{name}', '', true)" for name in TOLD)]
)
_active = False


def act_as_web() -> None:
    """From now on every connection of this process acts as the web role."""
    global _active
    _active = True
    connection_created.connect(_on_connection, dispatch_uid="bankcrm.testing.roles")
    request_finished.connect(_forget_scope, dispatch_uid="bankcrm.testing.roles")
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None:
            _prepare(connection)


def act_as_owner() -> None:
    """Ends `act_as_web`: for making and dropping the test database."""
    global _active
    _active = False
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None:
            connection.connection.execute("RESET ROLE")


def _on_connection(sender: Any, connection: Any, **kwargs: Any) -> None:
    if _active and connection.vendor == "postgresql":
        _prepare(connection)


def _prepare(connection: Any) -> None:
    """As web, which outside of a request sees the whole bank here: tests that look at the wall say their scope."""
    connection.connection.execute("SELECT set_config('app.scope', '{(,)}', false)")
    connection.bankcrm_is_owner, connection.bankcrm_wants_owner = None, False
    if _in_role not in connection.execute_wrappers:
        connection.execute_wrappers.append(_in_role)
        for name in ("_rollback", "_savepoint_rollback"):
            setattr(connection, name, _then_unsure(connection, getattr(connection, name)))


def _then_unsure(connection: Any, undo: Callable[..., Any]) -> Callable[..., Any]:
    """A rollback brings the role back that the transaction, or the savepoint, began with."""

    def undone(*args: Any) -> Any:
        connection.bankcrm_is_owner = None
        try:
            return undo(*args)
        finally:
            connection.bankcrm_is_owner = None

    return undone


def _in_role(execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Changes the role below Django where the statement wants another: tests that count queries do not count it."""
    connection = context["connection"]
    wanted: bool = connection.bankcrm_wants_owner
    raw = connection.connection
    # In a failed transaction nothing can be said; its rollback brings a role back.
    is_able = raw is not None and raw.info.transaction_status != pq.TransactionStatus.INERROR
    if _active and is_able and connection.bankcrm_is_owner is not wanted:
        raw.execute("RESET ROLE" if wanted else f"SET ROLE {role_name('web')}")
        connection.bankcrm_is_owner = wanted
    return execute(statement, params, many, context)


def _forget_scope(**_kwargs: Any) -> None:
    """A test's transaction lasts longer than the request's inside it, and with it what the request told PostgreSQL."""
    for connection in connections.all(initialized_only=True):
        if _active and connection.in_atomic_block and not connection.needs_rollback:
            connection.connection.execute(FORGET)


@contextmanager
def as_owner(using: str = "default") -> Iterator[None]:
    """Writes tables that the web role may not write: what factories need. Nothing happens where tests run as owner."""
    connection: Any = connections[using]
    if not _active:
        yield
        return
    connection.ensure_connection()
    before = connection.bankcrm_wants_owner
    connection.bankcrm_wants_owner = True
    try:
        yield
    finally:
        connection.bankcrm_wants_owner = before
