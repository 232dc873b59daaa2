"""The headers of steps, their order, their parameters, and what the lint refuses."""

from datetime import date
from pathlib import Path

import pytest
import sqlglot

from bankcrm.lake.lint import findings, main, spark, step_faults, step_files
from bankcrm.lake.named import QueryError, parse_query
from bankcrm.lake.periods import months_between
from bankcrm.lake.steps import Partition, Reach, Step, StepError, StepInput, in_order, parse_step, render

PACKAGE = Path(__file__).resolve().parents[2]
HEADER = "-- step: out_x\n-- grain: one row for each thing\n-- key: thing\n-- inputs: src_thing\n"
STEPS = [parse_step(path.read_text(), path) for path in step_files(PACKAGE)]


def step(sql="SELECT thing FROM src_thing", header=HEADER, name="out_x"):
    return parse_step(header + sql, Path(f"{name}.sql"))


def faults(sql, header=HEADER):
    return step_faults(step(sql, header), {"out_x"})


def test_header_says_what_comes_out_and_what_goes_in():
    parsed = step(
        header=HEADER.replace("src_thing", "src_thing, out_x before, ref_y upto, ref_z earlier")
        + "-- partition: month\n-- sort: thing\n-- columns: thing VARCHAR; money DECIMAL(20,2)\n"
        "-- Why it is so: a reason.\n-- key: not a header any more\n"
    )
    assert [source.view for source in parsed.inputs] == ["src_thing", "out_x_before", "ref_y", "ref_z_earlier"]
    assert parsed.columns == (("thing", "VARCHAR"), ("money", "DECIMAL(20,2)"))
    assert parsed.key == ("thing",)
    assert parsed.note.startswith("Why it is so")
    assert parsed.reads_itself


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("-- key: thing\n", ""), "no `key`"),
        (HEADER + "-- colour: red\n", "`colour` means nothing"),
        (HEADER.replace("out_x", "out_y"), "its file out_x"),
        (HEADER + "-- partition: week\n", "week"),
        (HEADER + "-- severity: loud\n", "loud"),
        (HEADER.replace("src_thing", "src_thing sideways"), "sideways"),
    ],
)
def test_broken_header_is_named(header, message):
    with pytest.raises(StepError, match=message):
        step(header=header)


def test_steps_run_after_what_they_read():
    first = Step("a", "g", ("k",), (StepInput("b"), StepInput("a", Reach.BEFORE)), "")
    second = Step("b", "g", ("k",), (StepInput("src_x"),), "")
    assert [one.name for one in in_order([first, second])] == ["b", "a"]


def test_steps_in_a_circle_or_of_one_name_are_refused():
    first = Step("a", "g", ("k",), (StepInput("b"),), "")
    second = Step("b", "g", ("k",), (StepInput("a"),), "")
    with pytest.raises(StepError, match="circle"):
        in_order([first, second])
    with pytest.raises(StepError, match="two steps are called a"):
        in_order([first, first])


def test_parameters_become_literals():
    given = {"on": date(2026, 4, 1), "text": "O'Neill", "days": 30}
    assert render("$on $text $days", given) == "DATE '2026-04-01' 'O''Neill' 30"
    with pytest.raises(StepError, match=r"\$nobody"):
        render("$nobody", given)


def test_months_are_half_open_and_end_with_the_business_date():
    months = months_between("2025-12", date(2026, 2, 10))
    assert [(month.name, month.end, month.days) for month in months] == [
        ("2025-12", date(2026, 1, 1), 31),
        ("2026-01", date(2026, 2, 1), 31),
        ("2026-02", date(2026, 2, 11), 10),
    ]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT avg(thing) AS thing FROM src_thing", "avg"),
        ("SELECT mean(thing) AS thing FROM src_thing", "mean"),
        ("SELECT thing / 2 AS thing FROM src_thing", "bare /"),
        ("SELECT thing FROM src_thing ASOF JOIN src_thing AS t USING (thing)", "ASOF"),
        ("SELECT CAST(thing AS DOUBLE) AS thing FROM src_thing", "floating point"),
        ("SELECT thing * 1e3 AS thing FROM src_thing", "floating point"),
        ("SELECT secret_function(thing) AS thing FROM src_thing", "secret_function"),
        ("SELECT thing FROM src_thing, src_other", "reads src_other"),
        ("SELECT 1 AS thing", "does not read it"),
        ("SELECT other FROM src_thing", "key's thing is no column"),
        ("SELECT thing FROM src_thing; DROP TABLE x", "one SELECT"),
        ("DELETE FROM src_thing", "one SELECT"),
        ("SELECT thing FROM", "Expected table name"),
    ],
)
def test_lint_refuses(sql, message):
    assert any(message in fault for fault in faults(sql))


def test_lint_refuses_what_changes_daily_in_months_that_are_over():
    header = HEADER + "-- partition: month\n"
    assert faults("SELECT thing FROM src_thing WHERE thing < $month_end", header) == []
    assert "business_date" in faults("SELECT thing FROM src_thing WHERE thing < $business_date", header)[0]


def test_lint_accepts_exact_arithmetic():
    assert faults("SELECT round_div(sum(thing), count(*), 2) AS thing FROM src_thing") == []


def test_every_step_and_query_of_the_product_passes():
    assert findings() == []
    assert len(STEPS) >= 20


def test_lint_fails_a_folder_with_a_broken_step(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "app" / "sql"
    folder.mkdir(parents=True)
    (folder / "out_x.sql").write_text(HEADER + "SELECT avg(thing) AS thing FROM src_thing")
    monkeypatch.setattr("bankcrm.lake.lint.PACKAGE", tmp_path)
    monkeypatch.setattr("bankcrm.lake.lint.findings", lambda: findings(tmp_path))
    assert main() == 1
    assert "avg()" in capsys.readouterr().out


@pytest.mark.parametrize("one", STEPS, ids=lambda one: one.name)
def test_every_step_can_be_told_to_spark(one):
    text = spark(one)
    assert len(sqlglot.parse(text, dialect="spark")) == 1


def test_month_steps_do_not_read_whole_state_tables():
    """They would be made again for every month each night: states change daily."""
    for one in STEPS:
        if one.partition is Partition.MONTH:
            dated = {"src_balance", "src_transaction", "src_income"}
            states = {source.table for source in one.inputs if source.table.startswith("src_")} - dated
            assert not states, one.name


def test_query_header_is_checked():
    with pytest.raises(QueryError, match="header needs"):
        parse_query("-- query: a\nSELECT 1", Path("a.sql"))
    query = parse_query("-- query: a\n-- grain: g\n-- inputs: t\nSELECT $one, '$two' -- $three\nFROM t", Path("a.sql"))
    assert query.parameters == {"one"}
