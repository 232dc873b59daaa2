"""`bankcrm stop`."""

import os
import signal
import time
from pathlib import Path

import click

from bankcrm.core import postgres
from bankcrm.core.home import VARIABLE, Home

WAIT_SECONDS = 40


@click.command()
def stop() -> None:
    """Stop what `serve` runs for this home, and its database."""
    home = Home(Path(os.environ[VARIABLE]))
    pid = serving_pid(home)
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + WAIT_SECONDS
        while is_serving(pid) and time.monotonic() < deadline:
            time.sleep(0.1)
        click.echo("Stopped the server.")
    click.echo("Stopped the database." if postgres.stop(home.root) else "The database does not run.")


def serving_pid(home: Home) -> int | None:
    """The process id of the `serve` of this home, when it is alive."""
    try:
        pid = int((home.run / "serve.pid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return pid if is_serving(pid) else None


def is_serving(pid: int) -> bool:
    """Whether the process with this number lives and is a `serve`."""
    try:
        return b"serve" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
