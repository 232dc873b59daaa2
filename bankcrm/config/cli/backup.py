"""`bankcrm backup` and `bankcrm restore`."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from bankcrm.core.home import VARIABLE

PROBLEM = 1
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--passphrase-file", type=FILE, help="Take the home's keys along, closed with its first line.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def backup(target: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Back up this bank to TARGET, a new folder or a new .tar file, while pages are served and jobs run.

    All is as of one moment: the database, the files that it names, the audit's heads. Exit code 1: the backup was not
    made, or files that the database names were missing already (the backup then is complete but for these).
    """
    from bankcrm.config.backup import keys, make
    from bankcrm.config.backup.manifest import BackupError
    from bankcrm.core.scope import Scope

    try:
        phrase = keys.passphrase(passphrase_file) if passphrase_file else ""
        _check_migrated()
        made = make.backup(target.absolute(), passphrase=phrase, by=Scope.system(because="bankcrm backup"))
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    manifest = made.manifest
    told: dict[str, Any] = {
        "target": str(made.target),
        "bytes": manifest.total_bytes,
        "files": len(manifest.files),
        "rows": sum(manifest.snapshot.counts.values()),
        "chain_position": manifest.snapshot.chain_position,
        "business_date": manifest.snapshot.business_date,
        "with_keys": bool(phrase),
        "seconds": round(made.seconds, 1),
        "missing": list(manifest.problems),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{told['target']}: {told['bytes']:,} bytes in {told['files']} files, {told['rows']:,} rows.")
        if not phrase:
            click.echo("Without the home's keys: keep a copy of secrets.json apart, or nothing can be restored.")
        for name in manifest.problems:
            click.echo(f"missing on the disk, so not in the backup: {name}", err=True)
    if manifest.problems:
        sys.exit(PROBLEM)


def _check_migrated() -> None:
    from bankcrm.config.cli.bank import is_migrated

    if not is_migrated():
        raise click.ClickException(
            "the database is of another version than this program. Back up with the version that served it, "
            "or run `bankcrm migrate` first."
        )


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--passphrase-file", type=FILE, help="Its first line opens the keys in the backup.")
@click.option("--secrets", "secrets_file", type=FILE, help="The secrets.json of the home that was backed up.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def restore(source: Path, passphrase_file: Path | None, secrets_file: Path | None, as_json: bool) -> None:
    """Restore the backup SOURCE into this home, which must be empty.

    Every digest is compared before anything is touched. Afterwards the rows of every table and the audit's chain are
    compared with what they were. Exit code 1: refused, or not as it was.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bankcrm.config.settings")
    os.environ["BANKCRM_DB_ROLE"] = "owner"
    import django

    django.setup()
    from django.db import connection

    from bankcrm.config.backup import restore as restoring
    from bankcrm.config.backup.manifest import BackupError
    from bankcrm.config.cli.bank import use_role
    from bankcrm.core import postgres

    try:
        restored = restoring.restore(
            source, passphrase_file=passphrase_file, secrets_file=secrets_file, use_role=use_role
        )
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    connection.close()
    postgres.stop(Path(os.environ[VARIABLE]))
    manifest = restored.manifest
    if as_json:
        told = {
            "made_at": manifest.made_at,
            "rows": sum(manifest.snapshot.counts.values()),
            "chain_position": manifest.snapshot.chain_position,
            "differences": restored.differences,
            "findings": restored.findings,
            "missing": list(manifest.problems),
        }
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _tell(restored.differences, [str(finding) for finding in restored.findings])
        rows = sum(manifest.snapshot.counts.values())
        click.echo(
            f"Restored the backup of {manifest.made_at}: {rows:,} rows, chain up to {manifest.snapshot.chain_position}."
        )
    if not restored.is_good:
        sys.exit(PROBLEM)


def _tell(differences: list[str], findings: list[str]) -> None:
    for line in differences:
        click.echo(f"not as it was: {line}", err=True)
    for line in findings:
        click.echo(f"audit: {line}", err=True)
    if not differences and not findings:
        click.echo("Every table has the rows it had, and the audit is as it was written.")
