"""`bankcrm migrate`."""

import json
import sys

import click
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bankcrm.core import grants, postgres
from bankcrm.core.scope import Scope

ONE_AT_A_TIME = 7_264_501  # the advisory lock's number: any, as long as it stays the same


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def migrate(as_json: bool) -> None:
    """Bring the database up to this version, as its owner, and grant the other roles what they may do.

    Safe to run again, and while the pages are being served.
    """
    from bankcrm.org.actions.roles import record_roles  # models: after the settings are there

    owner = postgres.connection_info(settings.BANKCRM_HOME, "owner")
    with psycopg.connect(**owner.parameters(), autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        before = _applied()
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
        grants.apply()
        record_roles(by=Scope.system(because="bankcrm migrate"))
        done = sorted(_applied() - before)
    if as_json:
        click.echo(json.dumps({"applied": done}))
    else:
        click.echo(f"The database is up to date; {len(done)} migrations applied.")


def _applied() -> set[str]:
    from django.db.migrations.recorder import MigrationRecorder

    recorder = MigrationRecorder(connection)
    return {f"{app}.{name}" for app, name in recorder.applied_migrations()}
