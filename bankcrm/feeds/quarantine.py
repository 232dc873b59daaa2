"""Rejected rows, values left out, and warnings: from the lake into a table that people can read and download."""

from dataclasses import dataclass
from typing import Any

from bankcrm.feeds.contract.catalogue import FEEDS
from bankcrm.feeds.models import Reject
from bankcrm.feeds.run import Run
from bankcrm.lake.contract import Feed, Reference
from bankcrm.lake.landed import LandedFile

BATCH = 5_000
# A page and a download serve people: of a file that is wrong throughout, the first rows tell all. Counts stay exact.
KEPT_PER_FILE = 50_000
VALUE_LENGTH = 300

COLUMNS = 'feed, file, line, "column", value, reason, severity'


@dataclass(frozen=True)
class Target:
    """What a reference points at: a table and the columns of its key, in the order of the reference's columns."""

    table: str
    columns: tuple[str, ...]


TARGETS = {
    "party": Target(
        "(SELECT source_key FROM src_person UNION ALL SELECT source_key FROM src_organisation)", ("source_key",)
    ),
    "holding": Target("src_holding", ("holding_key",)),
    "facility": Target(
        "(SELECT source_system || '/' || facility_id AS facility_key FROM src_facility)", ("facility_key",)
    ),
    "product": Target("src_product", ("product_id",)),
    "org_unit": Target("src_org_unit", ("unit_id",)),
    "employee_number": Target("src_employee", ("employee_id",)),
}


def keep(run: Run, landed: LandedFile) -> int:
    """Copies the rejects of a landed file into PostgreSQL; answers how many."""
    if not landed.rejects:
        return 0
    path = str(run.paths.root / landed.rejects)
    return _keep(run, f"SELECT {COLUMNS} FROM read_parquet($path) LIMIT {KEPT_PER_FILE}", {"path": path})


def check_references(run: Run) -> dict[str, int]:
    """Looks for rows of this load whose other end is nowhere; answers counts by feed.

    Only what this load delivered is named: what was wrong yesterday was said yesterday.
    """
    counted: dict[str, int] = {}
    for feed in FEEDS:
        files = [landed for _row, landed in run.landed if landed.feed == feed.name]
        paths = [str(run.paths.root / part.path) for landed in files for part in landed.parts]
        if not paths:
            continue
        for reference in feed.references:
            found = _keep(run, reference_sql(feed, reference), {"paths": paths})
            if found:
                counted[feed.name] = counted.get(feed.name, 0) + found
    return counted


def reference_sql(feed: Feed, reference: Reference) -> str:
    """The reject rows of one reference. Money that belongs to nobody known is kept, so these are mostly warnings.

    Of dated feeds one row per missing end is named, not one for each day.
    """
    target = TARGETS[reference.feed]
    value = _value(reference)
    severity = "row" if reference.takes_row else "warning"
    given = " AND ".join(f"r.{column} IS NOT NULL" for column in reference.columns)
    once = f" QUALIFY row_number() OVER (PARTITION BY {value} ORDER BY r._row) = 1" if feed.dated_by else ""
    return (
        f"SELECT '{feed.name}' AS feed, r._file AS file, NULL AS line, '{reference.columns[-1]}' AS \"column\", "
        f"{value} AS value, 'unknown_{reference.feed}' AS reason, '{severity}' AS severity "
        f"FROM read_parquet($paths, union_by_name = true) r "
        f"ANTI JOIN {target.table} k ON k.{target.columns[0]} = {value} "
        f"WHERE {given}{once} LIMIT {KEPT_PER_FILE}"
    )


def _value(reference: Reference) -> str:
    if len(reference.columns) == 2:
        return f"r.{reference.columns[0]} || '/' || r.{reference.columns[1]}"
    return f"r.{reference.columns[0]}"


def keep_refused_coverage(run: Run) -> int:
    """Names the shares that would have given more than 100 % of one customer."""
    return _keep(
        run,
        "SELECT 'coverage' AS feed, '' AS file, NULL AS line, 'share' AS \"column\", "
        "feed_key || ' ' || share AS value, 'share_over_100' AS reason, 'row' AS severity FROM refused_coverage "
        f"ORDER BY feed_key LIMIT {KEPT_PER_FILE}",
        {},
    )


def _keep(run: Run, sql: str, values: dict[str, Any]) -> int:
    result = run.lake.execute(sql, values)
    kept = 0
    while rows := result.fetchmany(BATCH):
        Reject.objects.bulk_create(
            Reject(
                load=run.load,
                feed=feed,
                file=file or "",
                line=line,
                column=column or "",
                value=(value or "")[:VALUE_LENGTH],
                reason=reason,
                severity=severity,
            )
            for feed, file, line, column, value, reason, severity in rows
        )
        kept += len(rows)
    return kept
