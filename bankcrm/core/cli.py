"""`bankcrm audit`: is the audit as it was written?"""

import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import TextIO

import click

PROBLEM = 1


@click.group()
def audit() -> None:
    """Check the record of who did and read what."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--limit", type=click.IntRange(1), default=1_000, show_default=True, help="Stop after so many findings.")
@click.option(
    "--copy",
    type=click.File(encoding="utf-8", errors="replace"),
    help="The system's log as another machine has kept it (- reads the standard input): its heads are compared, too.",
)
def verify(as_json: bool, limit: int, copy: TextIO | None) -> None:
    """Compare every event with its seal, and the chain with its signed heads.

    Exit code 0: all is as it was written; 1: something was changed, removed, inserted or cut off. With --copy also the
    heads in the system's log of another machine, which whoever broke into this one could not change.
    """
    from bankcrm.core import heads, verifying
    from bankcrm.core.models import AuditPending, AuditSeal

    copied = list(heads.heads_of_copy(copy or ()))
    if copy is not None and not copied:
        raise click.ClickException("the copy holds no head: its lines contain 'bankcrm audit head'")
    findings = verifying.verify(limit, copied)
    sealed, waiting = AuditSeal.objects.count(), AuditPending.objects.count()
    if as_json:
        result = {
            "sealed": sealed,
            "waiting": waiting,
            "last_head": heads.last_position(),
            "copied_heads": len(copied),
            "public_key": heads.public_key(),
            "findings": [asdict(finding) for finding in findings],
        }
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(finding.in_words())
        if copy is not None:
            click.echo(f"{len(copied)} heads of the copy were compared.")
        click.echo(f"{sealed} events are sealed, {waiting} wait for the seal, {len(findings)} findings.")
    if findings:
        sys.exit(PROBLEM)


@audit.command()
@click.option("--from", "since", type=click.DateTime(), required=True, help="First moment, in the bank's zone.")
@click.option("--to", "until", type=click.DateTime(), help="Up to this moment; now unless said.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def compare(since: datetime, until: datetime | None, as_json: bool) -> None:
    """Name changes that the database saw and no record of the audit tells of: made behind the program's back.

    Customers, coverage, parameters, users and posts. Exit code 0: each change is told of; 1: some are not.
    """
    from django.utils import timezone

    from bankcrm.core import dates, verifying

    first = since.replace(tzinfo=dates.zone())
    last = until.replace(tzinfo=dates.zone()) if until else timezone.now()
    found = verifying.compare(first, last)
    if as_json:
        click.echo(json.dumps({"untold": [asdict(one) | {"at": one.at.isoformat()} for one in found]}))
    else:
        for one in found:
            click.echo(one.in_words())
        click.echo(f"{len(found)} changes are told of by no record.")
    if found:
        sys.exit(PROBLEM)
