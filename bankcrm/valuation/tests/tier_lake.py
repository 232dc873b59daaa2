"""The steps of tiers over averages made by hand."""

from contextlib import closing
from pathlib import Path

from bankcrm import valuation
from bankcrm.lake.build import ENGINE
from bankcrm.lake.connection import connect
from bankcrm.lake.given import Given, load_given
from bankcrm.lake.macros import define_macros
from bankcrm.lake.manifest import TablePart
from bankcrm.lake.periods import months_between
from bankcrm.lake.runner import Runner
from bankcrm.lake.state import Store
from bankcrm.lake.steps import in_order, load_steps
from bankcrm.lake.store import LakePaths
from bankcrm.lake.tables import write_part

SQL = Path(valuation.__path__[0]) / "sql"
TABLE = load_given(SQL / "ref_tier_level.sql")


def given_of(versions):
    """Versions of the tier table as a build takes them."""
    return Given(
        TABLE,
        [(one.first_month, level.code, level.threshold, level.fall_months) for one in versions for level in one.levels],
    )


def folded(root, averages, versions, *, first, until):
    """({(customer, month): row of snap_tier_month}, {month: lowest level}) by averages {(customer, month): Decimal}."""
    paths, months = LakePaths(root), months_between(first, until)
    with closing(connect(temp=paths.temp, memory="1GB")) as lake:
        define_macros(lake)
        runner = Runner(Store(lake, paths, 1), None, months, {}, ENGINE, {})
        parts = []
        for month in months:
            rows = ", ".join(f"({who}, {amount})" for (who, name), amount in averages.items() if name == month.name)
            path = runner.store.file("out_customer_month", f"month={month.name}/part-0")
            frame = f"(VALUES {rows or '(NULL, NULL)'}) AS m (a, b)"
            columns = "CAST(a AS BIGINT) AS customer_id, CAST(b AS DECIMAL(20, 2)) AS aum_average"
            count = write_part(lake, f"SELECT {columns} FROM {frame} WHERE a IS NOT NULL", path)
            parts.append(TablePart(paths.relative(path), month.name, count, month.name))
        runner.parts["out_customer_month"] = tuple(parts)
        spans = ", ".join(f"('{one.name}', DATE '{one.start}', DATE '{one.end}')" for one in months)
        runner.keep_by_content(
            "ref_month", f"SELECT * FROM (VALUES {spans}) AS m (month, month_start, month_end)", sort=()
        )
        given = given_of(versions)
        runner.keep_by_content(TABLE.name, TABLE.select(given.rows), sort=TABLE.sort)
        for step in in_order(load_steps(SQL)):
            runner.run(step)

        def read(table):
            files = [str(root / part.path) for part in runner.parts[table]]
            answer = lake.execute("SELECT * FROM read_parquet($files, hive_partitioning = false)", {"files": files})
            names = [column[0] for column in answer.description]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

        rows = {(row["customer_id"], row["month"]): row for row in read("snap_tier_month")}
        return rows, {row["month"]: row["base_code"] for row in read("ref_tier_month")}
