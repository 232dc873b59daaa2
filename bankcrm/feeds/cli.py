"""`bankcrm load`, `bankcrm loads`, `bankcrm status`."""

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils import translation

from bankcrm.core.scope import Scope
from bankcrm.feeds import queries
from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.feeds.ledger_queries import ledger_status
from bankcrm.feeds.models import BankSetting, Load
from bankcrm.feeds.pipeline import AnotherLoadRuns, LoadResult, load_delivery
from bankcrm.feeds.texts import problem_text
from bankcrm.lake.delivered import DeliveryError
from bankcrm.lake.mapping import MappingError, map_delivery

DAY = click.DateTime(formats=["%Y-%m-%d"])


def operator() -> Scope:
    """Who works at the command line: the machine's own operator."""
    return Scope.system(because="command line")


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--mapping", type=click.Path(exists=True, path_type=Path), help="Folder or file of a mapping (examples/…)."
)
@click.option("--source", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The other bank's files.")
@click.option("--date", "business_date", type=DAY, help="Business date of the mapped files.")
@click.option("--no-wait", is_flag=True, help="Do not wait for another load: exit with 1.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def load(
    folder: Path | None,
    mapping: Path | None,
    source: Path | None,
    business_date: datetime | None,
    no_wait: bool,
    as_json: bool,
) -> None:
    """Load a delivery FOLDER (files of the contract), or another bank's files through a mapping.

    Exit code 0: published, or nothing new; 1: refused, with the reason; nothing was changed then.
    """
    translation.activate("en")
    try:
        folder = folder or _mapped(mapping, source, business_date)
        result = load_delivery(folder, by=operator(), wait=not no_wait, tell=_silent if as_json else _tell)
    except AnotherLoadRuns:
        raise click.ClickException("another load is running; without --no-wait this one would wait for it") from None
    except (MappingError, DeliveryError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(result_json(result), ensure_ascii=False, indent=1))
    else:
        _print(result)
    sys.exit(0 if result.is_good else 1)


def _mapped(mapping: Path | None, source: Path | None, business_date: datetime | None) -> Path:
    if not (mapping and source and business_date):
        raise click.UsageError("give a delivery FOLDER, or --mapping, --source and --date together")
    day = business_date.date()
    out = settings.INBOX_ROOT / "mapped" / mapping.name / day.isoformat()
    return map_delivery(mapping, source=source, business_date=day, out=out, feeds=BY_NAME)


def _tell(message: str, share: float) -> None:
    click.echo(f"{share:4.0%}  {message}", err=True)


def _silent(_message: str, _share: float) -> None:
    return


def result_json(result: LoadResult) -> dict[str, Any]:
    """The result as plain JSON values, with the sum of all changes."""
    content = asdict(result)
    content["changed_total"] = sum(result.changed.values())
    if result.problem:
        content["message"] = problem_text(result.problem, result.detail)
    return content


def _print(result: LoadResult) -> None:
    click.echo(f"load {result.load_id}, business date {result.business_date}: {result.state}")
    if result.problem:
        click.echo(problem_text(result.problem, result.detail))
    if result.feeds:
        click.echo(f"{'feed':20}{'read':>12}{'loaded':>12}{'rejected':>10}{'warned':>10}  control totals")
    for feed, counts in result.feeds.items():
        totals = "  ".join(f"{currency} {total}" for currency, total in sorted(counts["totals"].items()))
        click.echo(
            f"{feed:20}{counts['rows_read']:>12,}{counts['rows_loaded']:>12,}{counts['rows_rejected']:>10,}"
            f"{counts['rows_warned']:>10,}  {totals}"
        )
    click.echo(f"rows changed: {sum(result.changed.values()):,}")


@click.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many, newest first.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def loads(limit: int, as_json: bool) -> None:
    """List the loads done so far, the newest business date first."""
    translation.activate("en")
    rows = [_load_row(row) for row in queries.loads(operator())[:limit]]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    if not rows:
        click.echo("nothing has been loaded yet")
    for row in rows:
        click.echo(
            f"{row['id']:>6}  {row['business_date']}  {row['state']:<11}{row['rows_read']:>12,} read"
            f"{row['rows_rejected']:>10,} rejected  {row['message']}"
        )


def _load_row(load: Load) -> dict[str, Any]:
    return {
        "id": load.pk,
        "business_date": load.business_date.isoformat(),
        "mode": load.mode,
        "state": load.state,
        "folder": load.folder,
        "rows_read": getattr(load, "rows_read", None) or 0,
        "rows_rejected": getattr(load, "rows_rejected", None) or 0,
        "rows_warned": getattr(load, "rows_warned", None) or 0,
        "started_at": load.started_at.isoformat() if load.started_at else None,
        "finished_at": load.finished_at.isoformat() if load.finished_at else None,
        "problem": load.problem,
        "message": problem_text(load.problem, load.problem_detail) if load.problem else "",
    }


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def status(as_json: bool) -> None:
    """Say what is in the bank: data date, customers by kind, holdings by class with their balances."""
    content = bank_status(operator())
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    if content["business_date"] is None:
        click.echo("nothing has been loaded yet")
        return
    click.echo(
        f"data date {content['business_date']}, build {content['build']}, base currency {content['base_currency']}"
    )
    for kind, count in content["customers"].items():
        click.echo(f"  {kind:<24}{count:>12,}")
    click.echo(f"  {'holdings':<24}{'count':>12}{'balance':>26}")
    for row in content["holdings"]:
        name = f"{row['product_class']} {row['currency']}"
        click.echo(f"  {name:<24}{row['count']:>12,}{row['balance']:>26}")
    books = content["ledger"]
    if books["compared_on"]:
        click.echo(f"ledger: {books['cells']:,} cells compared, {books['tied']:,} tie, {books['differing']:,} differ")
    else:
        click.echo("ledger: not delivered for this date")


def bank_status(scope: Scope) -> dict[str, Any]:
    """What `status` shows, as plain JSON values; amounts as text with two decimals."""
    build = queries.current_build()
    settled = BankSetting.objects.first()
    day: date | None = build.business_date if build else None
    return {
        "business_date": day.isoformat() if day else None,
        "build": build.pk if build else None,
        "base_currency": settled.base_currency if settled else None,
        "customers": queries.customers_by_kind(scope),
        "holdings": [
            {
                "product_class": row["product_class"],
                "currency": row["currency"],
                "count": row["count"],
                "balance": f"{row['balance'] or 0:.2f}",
                "balance_base": f"{row['balance_base'] or 0:.2f}",
            }
            for row in queries.holdings_by_class(scope)
        ],
        "ledger": _ledger(scope),
    }


def _ledger(scope: Scope) -> dict[str, Any]:
    """Accounts against the ledger: cells that tie and differ, and the worklist by state."""
    found = ledger_status(scope)
    return {
        "compared_on": found.compared_on.isoformat() if found.compared_on else None,
        "cells": found.cells,
        "tied": found.tied,
        "differing": found.differing,
        "open": found.by_state.get("open", 0),
        "explained": found.by_state.get("explained", 0),
    }
