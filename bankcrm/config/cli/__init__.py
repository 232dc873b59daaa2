"""`bankcrm`, the command line for a bank's IT staff.

Exit codes: 0 done; 1 a problem was found or the work was refused; 2 wrong usage; 3 the environment (database, disk,
network, rights) does not allow it. Commands are imported when they are asked for, so that `--help` is quick.
"""

import sys
from pathlib import Path

import click

from bankcrm.config.cli.lazy import Entry, LazyGroup
from bankcrm.core.home import HomeError, default_root
from bankcrm.core.postgres.errors import PostgresError

ENVIRONMENT = 3

CLI = "bankcrm.config.cli"
COMMANDS = {
    "serve": Entry(f"{CLI}.serve:serve", "Run everything: web server, worker, query process, database."),
    "worker": Entry(f"{CLI}.worker:worker", "Run the worker alone, for a machine of its own.", role="worker"),
    "migrate": Entry(f"{CLI}.migrate:migrate", "Bring the database up to this version.", role="owner"),
    "demo": Entry("bankcrm.demo.cli:demo", "Generate and load the demonstration bank.", role="loader"),
    "load": Entry("bankcrm.feeds.cli:load", "Load the deliveries of upstream systems.", role="loader"),
    "loads": Entry("bankcrm.feeds.cli:loads", "List the loads done so far.", role="loader"),
    "status": Entry("bankcrm.feeds.cli:status", "Say what is in the bank, and its data date.", role="loader"),
    "customer": Entry("bankcrm.customers.cli:customer", "Find and show customers.", role="worker"),
    "user": Entry("bankcrm.org.cli:user", "Add users, reset passwords.", role="worker"),
    "audit": Entry("bankcrm.core.cli:audit", "Check that the audit is as it was written.", role="worker"),
    "backup": Entry(f"{CLI}.backup:backup", "Back up the bank while it is served.", role="owner"),
    "restore": Entry(f"{CLI}.backup:restore", "Restore a backup into an empty home."),
    "doctor": Entry(f"{CLI}.doctor:doctor", "Check database, lake, disk, clock and versions."),
    "stop": Entry(f"{CLI}.stop:stop", "Stop what `serve` left running, and the database."),
}


@click.group(cls=LazyGroup, entries=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=default_root,
    show_default="BANKCRM_HOME, else var/bank",
    help="Folder of the bank: its database, lake, files and secrets.",
)
@click.version_option(package_name="bankcrm")
def bankcrm(home: Path) -> None:
    """A bank's customers: load what the upstream systems deliver, serve the pages, look after the machinery."""


def main() -> None:
    """The program's entry: turns what the environment does not allow into a message and exit code 3."""
    try:
        bankcrm()
    except (HomeError, PostgresError) as error:
        _fail(str(error))
    except OSError as error:
        if error.errno not in (13, 28, 30):  # no right, disk full, read-only: everything else is a fault of ours
            raise
        _fail(f"{error}. Free some space or fix the rights, then run it again: nothing half-done is kept.")


def _fail(text: str) -> None:
    click.echo(f"bankcrm: {text}", err=True)
    sys.exit(ENVIRONMENT)
