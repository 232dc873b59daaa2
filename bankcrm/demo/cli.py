"""`bankcrm demo`: make the demonstration bank's files and load them through the same door as a real bank's."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings

from bankcrm.demo.bank import SEED
from bankcrm.demo.generate import generate as generate_files

OUT = click.Path(file_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


def inbox() -> Path:
    """Where deliveries are put when nothing else is said: the bank's own inbox."""
    return Path(settings.INBOX_ROOT)


@click.group()
def demo() -> None:
    """Generate and load the demonstration bank 江州银行."""


@demo.command()
@click.option(
    "--size", type=click.IntRange(min=300), default=20_000, show_default=True, help="Number of real customers."
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another seed makes another bank.")
@click.option("--date", "day", type=DAY, default="2026-11-22", show_default=True, help="Business date of the history.")
@click.option(
    "--months", type=click.IntRange(1, 36), default=13, show_default=True, help="Whole months before the date's own."
)
@click.option(
    "--days", type=click.IntRange(1, 15), default=2, show_default=True,
    help="1: history alone; 2: and the delivery of the day after, to show a nightly load; and so on.",
)  # fmt: skip
@click.option("--out", type=OUT, help="Folder of the deliveries; default: the bank's inbox.")
@click.option("--json", "as_json", is_flag=True, help="Print the folders written as JSON.")
def generate(size: int, seed: int, day: datetime, months: int, days: int, out: Path | None, as_json: bool) -> None:
    """Write the upstream files of a bank of SIZE customers: a history, and deliveries of the days after it.

    The same numbers give the same bytes. The planted truth (who is whom, who leaves) is written apart, by
    `python -m bankcrm.demo.truth`.
    """
    folders = generate_files(
        out or inbox(), size=size, seed=seed, business_date=day.date(), months=months, days=days,
        progress=None if as_json else _tell,
    )  # fmt: skip
    click.echo(json.dumps([str(folder) for folder in folders]) if as_json else "\n".join(map(str, folders)))


@demo.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def load(folder: Path | None, as_json: bool) -> None:
    """Load a delivery FOLDER (default: the newest history in the inbox) and let the demonstration cast log in.

    Exit code 0: published, or nothing new; 1: refused; nothing was changed then.
    """
    from bankcrm.core.home import Home
    from bankcrm.core.scope import Scope
    from bankcrm.demo import logins
    from bankcrm.feeds.cli import result_json
    from bankcrm.feeds.pipeline import load_delivery

    by = Scope.system(because="bankcrm demo load")
    result = load_delivery(folder or _newest_history(), by=by, tell=None if as_json else _tell)
    if result.is_good:
        logins.set_passwords(Home(settings.BANKCRM_HOME), by=by)
        logins.ask_no_second_factor(by=by)
    if as_json:
        click.echo(json.dumps(result_json(result), ensure_ascii=False, indent=1))
    else:
        click.echo(f"{result.business_date}: {result.state} {result.problem}".rstrip())
        click.echo(logins.table() if result.is_good else json.dumps(result.detail, ensure_ascii=False, indent=1))
    sys.exit(0 if result.is_good else 1)


@demo.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("target", type=OUT)
@click.option("--fault", "codes", multiple=True, help="Code of a fault; default: all that do not stop the delivery.")
def faults(source: Path, target: Path, codes: tuple[str, ...]) -> None:
    """Copy the daily delivery SOURCE to TARGET with faults planted, and say which."""
    from bankcrm.demo.faults import make_faulty

    try:
        planted = make_faulty(source, target, codes or None)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    for fault in planted:
        click.echo(f"{fault.code}: {fault.file} line {fault.line} {fault.column} {fault.value}".rstrip())


@demo.command(name="logins")
def show_logins() -> None:
    """Print the table of logins."""
    from bankcrm.demo import logins

    click.echo(logins.table())


def _newest_history() -> Path:
    """Raises ClickException where nothing was generated."""
    found = sorted(path.parent for path in inbox().glob("history/*/manifest.json"))
    if not found:
        raise click.ClickException(f"there is no history in {inbox()}; make one with `bankcrm demo generate`.")
    return found[-1]


def _tell(stage: str, share: float) -> None:
    click.echo(f"{share:4.0%}  {stage}", err=True)
