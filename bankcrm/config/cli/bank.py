"""The home's database for a command: started if need be, migrated if need be, and let go of at the end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings
from django.db import DatabaseError, connection

from bankcrm.core import postgres
from bankcrm.core.home import AUDIT_KEY, DJANGO_KEY, Home, secret


def command_line(*arguments: str) -> list[str]:
    """The words that run a `bankcrm` command in a process of its own, on the same home."""
    return [sys.executable, "-m", "bankcrm.config.cli", "--home", str(settings.BANKCRM_HOME), *arguments]


def environment(role: str | None = None) -> dict[str, str]:
    """The environment of a process of ours: the caller's, with the role it works as, where it needs one."""
    values = {name: value for name, value in os.environ.items() if name != "BANKCRM_DB_ROLE"}
    return values if role is None else values | {"BANKCRM_DB_ROLE": role}


def use_role(role: str) -> None:
    """Points Django at the database as `role`: the settings may have been read before the home was made."""
    home = Home(settings.BANKCRM_HOME)
    settings.SECRET_KEY = secret(home, DJANGO_KEY)
    settings.AUDIT_SIGNING_KEY = secret(home, AUDIT_KEY)
    info = postgres.connection_info(settings.BANKCRM_HOME, role)
    connection.close()
    connection.settings_dict.update(
        NAME=info.dbname, USER=info.user, PASSWORD=info.password, HOST=info.host, PORT=info.port
    )


def is_migrated() -> bool:
    """Whether the database is at this version. A role that may not even look comes from before the first migration."""
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        connection.close()
        return False


def migrate_apart() -> None:
    """Runs `bankcrm migrate` in a process of its own, since it works as the owner. Raises when it fails."""
    done = subprocess.run(command_line("migrate"), env=environment(), stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise click.ClickException("the database could not be brought up to this version; see above.")


@contextmanager
def database(role: str) -> Iterator[postgres.Cluster]:
    """The running, migrated database of the home, seen as `role`, for as long as the block runs."""
    with postgres.using(Path(settings.BANKCRM_HOME)) as cluster:
        use_role(role)
        if role != "owner" and not is_migrated():
            migrate_apart()
        try:
            yield cluster
        finally:
            connection.close()
