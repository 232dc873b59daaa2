"""Refuses steps that another engine would compute otherwise, or that hide what they read.

    python -m bankcrm.lake.lint

A step is one SELECT. It reads exactly the inputs of its header. It has no ASOF join, no average function and no bare
`/` (both answer DOUBLE, also for DECIMAL: use `round_div`), no floating point, and no parameter that changes daily in
a month that is over. What is left must be writable as Spark's SQL.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from bankcrm.lake.given import is_given, load_given
from bankcrm.lake.macros import NAMES as MACRO_NAMES
from bankcrm.lake.named import QueryError, parse_query
from bankcrm.lake.steps import GIVEN_MARK, PARAMETER, Partition, Step, StepError, in_order, parse_step

PACKAGE = Path(__file__).resolve().parent.parent
GIVEN = {"ref_customer_map", "ref_month", "ref_source_order"}  # tables that the build makes itself, beside src_<feed>
AVERAGES = {"avg", "mean", "favg", "median", "quantile_cont", "stddev", "variance"}
# SQL that fills PostgreSQL, a passing table of matching, a table that settings fill: no step of a build
OTHERS = ("-- fact:", "-- table:", GIVEN_MARK)
DAILY = {"business_date", "last_month", "year_start_month", "first_month"}
FLOATS = (exp.DType.DOUBLE, exp.DType.FLOAT)
_COMMENT = re.compile(r"--[^\n]*")


def findings(package: Path = PACKAGE) -> list[str]:
    """What is wrong with the steps and named queries of all apps below `package`; each names its file."""
    found: list[str] = []
    steps: list[Step] = []
    for path in step_files(package):
        try:
            steps.append(parse_step(path.read_text(encoding="utf-8"), path))
        except StepError as error:
            found.append(str(error))
    try:
        in_order(steps)
    except StepError as error:
        found.append(str(error))
    known = {step.name for step in steps} | GIVEN
    for path in filter(is_given, sorted(package.glob("*/sql/*.sql"))):
        try:
            known.add(load_given(path).name)
        except StepError as error:
            found.append(str(error))
    for step in steps:
        found += [f"{step.path}: {fault}" for fault in step_faults(step, known)]
    for path in sorted(package.glob("*/sql/read/*.sql")):
        found += query_faults(path)
    return found


def step_files(package: Path) -> list[Path]:
    """The files of steps: all but those whose first line says that they are something else."""
    files = sorted(package.glob("*/sql/*.sql"))
    return [path for path in files if not path.read_text(encoding="utf-8").startswith(OTHERS)]


def step_faults(step: Step, known: set[str]) -> list[str]:
    """What is wrong with one step. `known`: the names of all tables that steps or the build make."""
    try:
        tree = parsed(step.sql)
        spark(step)
    except (SqlglotError, ValueError) as error:
        return [str(error)]
    faults = [*_wrong_constructs(tree), *_wrong_inputs(step, tree)]
    unknown = {source.table for source in step.inputs if not source.table.startswith("src_")} - known
    faults += [f"no step makes {table}" for table in sorted(unknown)]
    if step.partition is Partition.MONTH:
        daily = DAILY & set(PARAMETER.findall(_COMMENT.sub("", step.sql)))
        faults += [f"${name} changes daily: the months that are over would be made again" for name in sorted(daily)]
    if step.reads_itself and not step.columns:
        faults.append("a step that reads its own earlier months declares `columns`")
    faults += [f"the key's {name} is no column" for name in (*step.key, *step.sort) if not _has_column(tree, name)]
    return faults


def query_faults(path: Path) -> list[str]:
    """What is wrong with one named query. It runs in DuckDB alone: only what it reads is checked."""
    try:
        query = parse_query(path.read_text(encoding="utf-8"), path)
        tree = parsed(query.sql)
    except (QueryError, SqlglotError, ValueError) as error:
        return [f"{path}: {error}"]
    faults = list(_wrong_constructs(tree))
    if (read := _tables(tree)) != set(query.inputs):
        faults.append(f"inputs are {sorted(query.inputs)}, but it reads {sorted(read)}")
    return [f"{path}: {fault}" for fault in faults]


def spark(step: Step) -> str:
    """The step's SELECT in Spark's dialect (`$name` as `:name`). Raises SqlglotError for what Spark cannot be told."""
    return parsed(step.sql).sql(dialect="spark", pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE)


def parsed(sql: str) -> exp.Query:
    """The syntax tree of one SELECT. Raises ParseError, or ValueError for anything else."""
    trees = sqlglot.parse(sql, dialect="duckdb")
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise ValueError("a step or query is exactly one SELECT")
    return trees[0]


def _wrong_constructs(tree: exp.Query) -> Iterator[str]:
    if any("ASOF" in (join.args.get("method") or "", join.kind) for join in tree.find_all(exp.Join)):
        yield "ASOF join: other engines have none"
    for function in tree.find_all(exp.Func):
        called = (function.name if isinstance(function, exp.Anonymous) else function.sql_name()).lower()
        if called in AVERAGES:
            yield f"{called}(): the answer is DOUBLE; use round_div(sum(…), count(…), places)"
        elif isinstance(function, exp.Anonymous) and called not in MACRO_NAMES | {"list_contains", "unnest"}:
            yield f"{called}(): not a function every engine has"
    if tree.find(exp.Div):
        yield "bare /: the answer is DOUBLE; use round_div(…, …, places)"
    if any(kind.this in FLOATS for kind in tree.find_all(exp.DataType)):
        yield "floating point: money is DECIMAL throughout"
    if any("e" in literal.name.lower() for literal in tree.find_all(exp.Literal) if not literal.is_string):
        yield "a number such as 1e3 is floating point"


def _wrong_inputs(step: Step, tree: exp.Query) -> Iterator[str]:
    declared = {source.view for source in step.inputs}
    read = _tables(tree)
    for table in sorted(read - declared):
        yield f"reads {table}, which is not among its inputs"
    for table in sorted(declared - read):
        yield f"names the input {table}, but does not read it"


def _tables(tree: exp.Query) -> set[str]:
    """The tables read, without the names of the query's own WITH parts."""
    own = {part.alias_or_name for part in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table) if table.name} - own


def _has_column(tree: exp.Query, name: str) -> bool:
    names = tree.named_selects
    return name in names or "*" in names


def main() -> int:
    """Prints what is wrong; 1 when anything is."""
    found = findings()
    for finding in found:
        sys.stdout.write(f"{finding}\n")
    count = len(step_files(PACKAGE))
    if not count:
        sys.stdout.write("no lake steps found\n")
        return 1
    sys.stdout.write(f"{count} lake steps checked, {len(found)} findings\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
