"""`bankcrm audit`: is the audit as it was written?"""

import json
import sys
from dataclasses import asdict

import click

PROBLEM = 1


@click.group()
def audit() -> None:
    """Check the record of who did and read what."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--limit", type=click.IntRange(1), default=1_000, show_default=True, help="Stop after so many findings.")
def verify(as_json: bool, limit: int) -> None:
    """Compare every event with its seal, and the chain with its signed heads.

    Exit code 0: all is as it was written; 1: something was changed, removed, inserted or cut off. Also compare the
    last head with the copy in the system's log, which whoever broke into this machine could not change.
    """
    from bankcrm.core import heads, sealing
    from bankcrm.core.models import AuditPending, AuditSeal

    findings = sealing.verify(limit)
    sealed, waiting = AuditSeal.objects.count(), AuditPending.objects.count()
    if as_json:
        result = {
            "sealed": sealed,
            "waiting": waiting,
            "last_head": heads.last_position(),
            "public_key": heads.public_key(),
            "findings": [asdict(finding) for finding in findings],
        }
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{finding.kind} {finding.where}: {sealing.KINDS[finding.kind]} {finding.detail}".rstrip())
        click.echo(f"{sealed} events are sealed, {waiting} wait for the seal, {len(findings)} findings.")
    if findings:
        sys.exit(PROBLEM)
