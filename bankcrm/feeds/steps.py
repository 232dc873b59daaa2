"""The steps of a load, in order. Each leaves files or rows that nobody sees until the last commit."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection

from bankcrm.core import audit, parameters
from bankcrm.customers.models import Customer
from bankcrm.customers.numbers import SQL_MACRO
from bankcrm.feeds import continuity, forgetting, ledger, quarantine, shrinkage
from bankcrm.feeds.contract.catalogue import BY_NAME, FEEDS
from bankcrm.feeds.matching import MatchInput, match
from bankcrm.feeds.models import BankSetting, Build, LoadFile
from bankcrm.feeds.names_table import build_names
from bankcrm.feeds.publish.coverage import accept_coverage
from bankcrm.feeds.publish.facts import FACTS, SQL
from bankcrm.feeds.publish.publish import publish
from bankcrm.feeds.publish.stage import attach_postgres, stage
from bankcrm.feeds.run import Refused, Run
from bankcrm.feeds.staff_rows import staff_coverage, staff_documents
from bankcrm.lake.build import BuildError, BuildInput, run_build, run_state
from bankcrm.lake.given import registered_given
from bankcrm.lake.landed import LandedFile
from bankcrm.lake.landing import land
from bankcrm.lake.manifest import BuildManifest
from bankcrm.lake.steps import registered_steps
from bankcrm.lake.tables import define_view, table_sql
from bankcrm.org.tree import TreeError, number_tree

FEED_ORDER = {feed.name: place for place, feed in enumerate(FEEDS)}


@dataclass(frozen=True)
class PipelineStep:
    """A step and the part of the whole work that it usually is."""

    name: str
    weight: float
    run: Callable[[Run], None]


def land_files(run: Run) -> None:
    """Every file becomes immutable Parquet, with its faults beside it."""
    files = sorted(run.delivery.files, key=lambda file: (FEED_ORDER[file.feed], file.name))
    for place, file in enumerate(files):
        run.progress(file.name, place / len(files))
        landed = land(BY_NAME[file.feed], file, out=run.paths.root, load_id=run.load.pk, connection=run.lake)
        row = LoadFile.objects.create(
            load=run.load,
            feed=landed.feed,
            source_system=landed.source_system,
            business_date=landed.business_date,
            scope=landed.scope,
            file=landed.file,
            sha256=landed.sha256,
            rows_read=landed.rows_read,
            rows_loaded=landed.rows_loaded,
            rows_rejected=landed.rows_rejected,
            rows_warned=landed.rows_warned,
            totals={key: str(total) for key, total in landed.totals_read.items()},
            landed=landed.to_json(),
        )
        quarantine.keep(run, landed)
        run.landed.append((row, landed))
        run.log("landed", file=landed.file, rows=landed.rows_loaded, rejected=landed.rows_rejected)


def check_totals(run: Run) -> None:
    """Refuses the delivery when totals disagree, too large a share of a file's rows is bad, or too few rows came."""
    continuity.check_days(run)
    limit = parameters.value("feeds.max_rejected_share")
    for _row, landed in run.landed:
        for fault in landed.faults:
            if fault.is_error:
                raise Refused(fault.code, {"file": landed.file, **fault.detail})
        share = Decimal(landed.rows_rejected) / landed.rows_read if landed.rows_read else Decimal(0)
        if share > limit:
            raise Refused(
                "too_many_rejects",
                {
                    "file": landed.file,
                    "rejected": landed.rows_rejected,
                    "read": landed.rows_read,
                    "limit": f"{limit:.2%}",
                },
            )
    shrinkage.check_shrinkage(run)


def leave_out_erased(run: Run) -> None:
    """What was erased here and is delivered all the same is left out; the counts of the delivery stay as they were.

    Files of earlier loads first, where the night's erasing was broken off before it came to them.
    """
    forgetting.clean_landed(but=run.load.pk)
    back = forgetting.returned([landed for _row, landed in run.landed], run.lake, run.paths)
    if back:
        run.log("erased_came_back", customers=back)
        audit.record("load.customers_back", by=run.by, obj=run.load, detail={"customers": back})
    for place, (row, landed) in enumerate(run.landed):
        kept, gone = forgetting.leave_out(landed, run.lake, run.paths)
        if gone:
            row.landed = kept.to_json()
            row.save(update_fields=["landed"])
            run.landed[place] = (row, kept)
            run.log("erased_left_out", file=landed.file, rows=gone)


def settle_state(run: Run) -> None:
    """Puts together which files are in force, opens the build, and folds deltas into states."""
    run.effective = effective_files(run)
    dates = [landed.business_date for _pk, landed in run.effective]
    run.opened = Build.objects.create(load=run.load, business_date=max(dates))
    run.out.mkdir(parents=True, exist_ok=True)
    run.previous = Build.objects.filter(is_current=True).first()
    run.previous_manifest = BuildManifest.from_json(run.previous.manifest) if run.previous else None
    run.unidentified_id = unidentified_customer_id()
    run.made = run_state(_build_input(run), progress=_share(run))
    open_tables(run)
    run.units = rows_of(run, "SELECT * FROM src_org_unit ORDER BY unit_id")
    run.staff = rows_of(run, "SELECT * FROM src_employee ORDER BY employee_id, role, post_unit_id")
    if not run.units:
        raise Refused("no_units")
    try:
        number_tree({unit["unit_id"]: unit["parent_id"] for unit in run.units})
    except TreeError as error:
        raise Refused(f"tree_{error.reason}", {"unit": error.code}) from error


def effective_files(run: Run) -> list[tuple[int, LandedFile]]:
    """The files in force once this load is published, oldest first.

    A file replaces what stood for the same feed, source system and business date, so that a corrected delivery takes
    the place of the faulty one. A first loading and a daily delivery of the same date stand beside each other.
    """
    new = {_slot(run.load.mode, row) for row, _landed in run.landed}
    standing = LoadFile.objects.filter(is_effective=True).select_related("load").order_by("business_date", "id")
    kept = [row for row in standing if _slot(row.load.mode, row) not in new]
    both = [(row, LandedFile.from_json(row.landed)) for row in kept] + run.landed
    # A first loading speaks of all days up to its date, so it comes before the daily delivery of that date.
    history = {row.pk: row.load.mode == "history" for row in kept}
    for row, _landed in run.landed:
        history[row.pk] = run.load.mode == "history"
    both.sort(key=lambda item: (item[0].business_date, not history[item[0].pk], item[0].pk))
    return [(row.pk, landed) for row, landed in both]


def _slot(mode: str, row: LoadFile) -> tuple[Any, ...]:
    return mode, row.feed, row.source_system, row.business_date


def unidentified_customer_id() -> int:
    """The key of 未识别客户, the customer that holds what belongs to nobody known; taken once."""
    known = Customer.objects.everything(because="a load needs the unidentified customer")
    found = known.filter(status=Customer.Status.UNIDENTIFIED).values_list("pk", flat=True).first()
    return found if found is not None else allocate_customer_ids(1)[0]


def allocate_customer_ids(count: int) -> list[int]:
    """Takes keys for new customers. A load that dies leaves a gap in the numbers and nothing else."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('customers_customer', 'id')) FROM generate_series(1, %s)", [count]
        )
        return sorted(int(row[0]) for row in cursor.fetchall())


def _build_input(run: Run) -> BuildInput:
    return BuildInput(
        lake_root=run.paths.root,
        build_id=run.build.pk,
        business_date=run.build.business_date,
        base_currency=run.delivery.base_currency,
        feeds=FEEDS,
        landed=tuple(landed for _pk, landed in run.effective),
        steps=registered_steps(),
        given=registered_given(),
        customer_map=run.map_path,
        unidentified_id=run.unidentified_id,
        source_order=_source_order(),
        previous=run.previous_manifest,
    )


def _source_order() -> tuple[str, ...]:
    """Source systems, the most trusted first."""
    named = str(parameters.value("customers.source_rank")).split(",")
    return tuple(name.strip() for name in named if name.strip())


def _share(run: Run) -> Callable[[str, int, int], None]:
    """The build tells (table, done, total); a load tells (message, share)."""
    return lambda table, done, total: run.progress(table, done / max(total, 1))


def open_tables(run: Run) -> None:
    """Makes a view of each table of the build under way."""
    for name, parts in run.manifest.parts.items():
        define_view(run.lake, name, table_sql(run.paths.root, parts, run.manifest.columns.get(name, ())))


def rows_of(run: Run, sql: str) -> list[dict[str, Any]]:
    """A small result as dicts."""
    result = run.lake.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def check_references(run: Run) -> None:
    """Names rows whose other end was never delivered: shown, counted, and kept where money hangs on them."""
    counted = quarantine.check_references(run)
    for feed, count in counted.items():
        run.log("references", feed=feed, rows=count)


def match_customers(run: Run) -> None:
    """Finds out which source customers are one customer."""
    lake = run.lake
    lake.execute(f"CREATE OR REPLACE TEMP TABLE party AS {_sql('party')}")
    lake.execute("CREATE OR REPLACE TEMP TABLE ref_source_rank (source_system VARCHAR, rank INTEGER)")
    for place, name in enumerate(_source_order()):
        lake.execute("INSERT INTO ref_source_rank VALUES (?, ?)", [name, place])
    build_names(lake, out=run.out, previous=_previous_file(run, "ref_name"))
    attach_postgres(lake)
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE known_map AS "
        "SELECT key AS source_key, customer_id FROM pg.public.customers_sourcecustomer"
    )
    staff_documents(lake)
    lake.execute("DETACH pg")
    result = match(MatchInput(lake, allocate_customer_ids, run.out))
    run.map_path = result.map_path
    run.log("matched", created=result.created, joined=result.joined)


def build_figures(run: Run) -> None:
    """Balances, averages and figures, reusing what has not changed since the build before."""
    try:
        run.made = run_build(_build_input(run), progress=_share(run))
    except BuildError as error:
        raise Refused("build_stopped", {"check": error.code, "error": error.detail}) from error
    open_tables(run)
    continuity.keep_absent_accounts(run)
    ledger.check_ledger(run)


def stage_facts(run: Run) -> None:
    """Works out what PostgreSQL has to change and lays it ready there."""
    lake = run.lake
    lake.execute(SQL_MACRO)
    lake.execute("CREATE OR REPLACE VIEW ref_unit AS SELECT unit_id FROM src_org_unit")
    root = next(unit["unit_id"] for unit in run.units if not unit["parent_id"])
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE ref_setting AS SELECT CAST(? AS DATE) AS business_date, "
        "CAST(? AS VARCHAR) AS root_unit, CAST(? AS BIGINT) AS unidentified_id",
        [run.build.business_date, root, run.unidentified_id],
    )
    refused = accept_coverage(lake)
    if refused:
        quarantine.keep_refused_coverage(run)
        run.log("coverage_refused", rows=refused)
    for table in ("golden", "covered"):
        lake.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {_sql(table)}")
    attach_postgres(lake)
    try:
        staff_coverage(lake)
        for place, fact in enumerate(FACTS):
            run.progress(fact.name, place / len(FACTS))
            run.deltas.append(stage(lake, fact, out=run.out, previous=_previous_file(run, fact.name)))
    finally:
        lake.execute("DETACH pg")


def publish_build(run: Run) -> None:
    """One commit, and the build is what everybody sees."""
    run.build.manifest = run.manifest.to_json()
    run.changed = publish(
        run.build,
        run.deltas,
        by=run.by,
        base_currency=run.delivery.base_currency,
        units=run.units,
        staff=run.staff,
        effective=[pk for pk, _landed in run.effective],
        progress=run.tell_share,
    )


def check_currency(run: Run) -> None:
    """A bank has one base currency for good: all its figures are in it."""
    settled = BankSetting.objects.first()
    if settled and settled.base_currency != run.delivery.base_currency:
        raise Refused("other_currency", {"settled": settled.base_currency, "delivered": run.delivery.base_currency})


def _previous_file(run: Run, name: str) -> Path | None:
    if run.previous is None:
        return None
    path = run.paths.build(run.previous.pk) / f"{name}.parquet"
    return path if path.exists() else None


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


STEPS: tuple[PipelineStep, ...] = (
    PipelineStep("check_currency", 0.01, check_currency),
    PipelineStep("land_files", 0.30, land_files),
    PipelineStep("check_totals", 0.01, check_totals),
    PipelineStep("leave_out_erased", 0.01, leave_out_erased),
    PipelineStep("settle_state", 0.12, settle_state),
    PipelineStep("check_references", 0.03, check_references),
    PipelineStep("match_customers", 0.08, match_customers),
    PipelineStep("build_figures", 0.20, build_figures),
    PipelineStep("stage_facts", 0.12, stage_facts),
    PipelineStep("publish_build", 0.13, publish_build),
)
