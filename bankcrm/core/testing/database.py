"""The test database: made once from the migrations as a template, then copied for each run in a tenth of a second.

Runs beside each other (pytest-xdist, several checkouts' worth of people) do not meet: each process has its own copy.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql
from pytest_django import DjangoDbBlocker

from bankcrm.core import grants, postgres
from bankcrm.core.home import Home, locked
from bankcrm.core.postgres import server as own
from bankcrm.core.testing import roles

PACKAGE = Path(settings.BASE_DIR) / "bankcrm"
KEEP_TEMPLATES = 3
SHAPING = (
    "migrations/*.py",
    "migrations/*.sql",
    "models.py",
    "models/*.py",
    "apps.py",
    "grants*.py",
    "row_security.py",
    "retention.py",
    "retention_tables.py",
    "grants/*.py",
    "grants/*.sql",
)
KEPT_WHEN_EMPTIED = ("django_migrations", "django_content_type", "auth_permission")


def fingerprint() -> str:
    """Changes whenever something that shapes an empty database changes."""
    digest = hashlib.sha256((Path(settings.BASE_DIR) / "requirements" / "base.txt").read_bytes())
    for pattern in SHAPING:
        for path in sorted(PACKAGE.glob(f"*/{pattern}")):
            digest.update(str(path.relative_to(PACKAGE)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _superuser() -> psycopg.Connection:
    return own.connect_as_superuser(own.find(Home(settings.BANKCRM_HOME)), "postgres")


def _names(superuser: psycopg.Connection, prefix: str) -> list[str]:
    rows = superuser.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC", (prefix,)
    )
    return [str(name) for (name,) in rows]


def _drop(superuser: psycopg.Connection, name: str) -> None:
    superuser.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _is_left_over(name: str) -> bool:
    """Whether the process that made this test database is gone."""
    pid = name.rsplit("_", 1)[-1]
    return pid.isdigit() and not Path(f"/proc/{pid}").exists()


def _make_template(superuser: psycopg.Connection, name: str) -> None:
    """Migrates an empty database as the owner and keeps it under `name`."""
    building = f"building_{os.getpid()}"
    _drop(superuser, building)
    owner = sql.Identifier(postgres.role_name("owner"))
    superuser.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(building), owner))
    connection.close()
    connection.settings_dict["NAME"] = building
    call_command("migrate", verbosity=0, interactive=False)
    grants.apply()
    connection.close()
    superuser.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name)))


def create() -> str:
    """Starts the test server, makes the template when it is missing, and copies it. Returns the copy's name."""
    home = Path(settings.BANKCRM_HOME)
    postgres.ensure_running(home, durable=False)
    template, copy = f"template_{fingerprint()}", f"test_{os.getpid()}"
    with locked(Home(home).run / "test-databases.lock"), _superuser() as superuser:
        for name in _names(superuser, "test_") + _names(superuser, "building_"):
            if _is_left_over(name):
                _drop(superuser, name)
        if template not in _names(superuser, "template_"):
            _make_template(superuser, template)
        for old in _names(superuser, "template_")[KEEP_TEMPLATES:]:
            _drop(superuser, old)
        _drop(superuser, copy)
        superuser.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(copy), sql.Identifier(postgres.role_name("owner")), sql.Identifier(template)
            )
        )
    connection.close()
    connection.settings_dict["NAME"] = copy
    return copy


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Takes the place of pytest-django's fixture of this name."""
    with django_db_blocker.unblock():
        copy = create()
    roles.act_as_web()
    setattr(TransactionTestCase, "_fixture_teardown", empty_tables)  # noqa: B010 - the stubs do not know it
    yield
    with django_db_blocker.unblock():
        roles.act_as_owner()
        connection.close()
        with _superuser() as superuser:
            _drop(superuser, copy)


def empty_tables(_test_case: TransactionTestCase) -> None:
    """Empties all tables as the owner after a test with real transactions: the web role may not TRUNCATE."""
    statement = """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND relname <> ALL (%s)
    """
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute(statement, [list(KEPT_WHEN_EMPTIED)])
        tables = ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())
        if tables:
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
