import gzip
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from bankcrm.lake.delivered import DeliveryError, FileFormat
from bankcrm.lake.landed import LandedFile
from bankcrm.lake.tests.landing_cases import BALANCE, NAMES, Landing

HEADER = ",".join(NAMES) + "\n"
SHORT = "source_system,thing_id,name\n"


@pytest.fixture
def landing(tmp_path):
    return Landing(tmp_path)


def one_value(landing, column, value):
    """Lands one row with one value; answers (typed value, reason)."""
    landing.land(f"source_system,thing_id,{column}\nCORE,1,{value}\n")
    rejects = landing.rejects("reason, severity")
    rows = landing.rows(column)
    return (rows[0][0] if rows else "row gone"), (rejects[0][0] if rejects else "")


@pytest.mark.parametrize(
    ("column", "value", "typed", "reason"),
    [
        ("name", "  张三 \t", "张三", ""),
        ("name", "　张　三　", "张　三", ""),
        ("name", "\u00a0a b\u00a0", "a b", ""),
        ("name", "   ", None, ""),
        ("name", "abcdef", None, "too_long"),
        ("name", "一二三四五", "一二三四五", ""),
        ("colour", "red", "red", ""),
        ("colour", "Red", None, "unknown_code"),
        ("price", "1234.50", Decimal("1234.50"), ""),
        ("price", "1234.5", Decimal("1234.50"), ""),
        ("price", "1234.5000", Decimal("1234.50"), ""),
        ("price", "123456789012345678.99", Decimal("123456789012345678.99"), ""),
        ("price", '"1,234.50"', None, "bad_money"),
        ("price", "1234.505", None, "bad_money"),
        ("price", "1e5", None, "bad_money"),
        ("price", "+5", None, "bad_money"),
        ("price", "1 000", None, "bad_money"),
        ("price", "1234567890123456789", None, "bad_money"),
        ("price", "0.50", None, "too_cheap"),
        ("rate", "0.03150000", Decimal("0.0315"), ""),
        ("rate", ".0315", Decimal("0.0315"), ""),
        ("rate", "3.15%", None, "bad_rate"),
        ("rate", "12345", None, "bad_rate"),
        ("weight", "99999999999999.123456", Decimal("99999999999999.123456"), "heavy"),
        ("weight", "1.1234567", None, "bad_quantity"),
        ("count", "-12", -12, ""),
        ("count", "1.0", None, "bad_integer"),
        ("made_on", "2024-02-29", date(2024, 2, 29), ""),
        ("made_on", "20240229", date(2024, 2, 29), ""),
        ("made_on", "2026-02-31", None, "bad_date"),
        ("made_on", "20260231", None, "bad_date"),
        ("made_on", "2026-2-3", None, "bad_date"),
        ("made_on", "2026/02/03", None, "bad_date"),
        ("made_on", "22-11-2026", None, "bad_date"),
        ("made_on", "1799-12-31", None, "implausible_date"),
        ("made_on", "2201-01-01", None, "implausible_date"),
        ("made_on", "9999-12-31", None, ""),
        ("made_on", "99991231", None, ""),
        ("seen_at", "2026-11-22 08:30:00", datetime(2026, 11, 22, 8, 30), ""),  # noqa: DTZ001
        ("seen_at", "2026-11-22T08:30:00.25", datetime(2026, 11, 22, 8, 30, 0, 250000), ""),  # noqa: DTZ001
        ("seen_at", "2026-11-22 24:00:00", None, "bad_timestamp"),
        ("seen_at", "2026-11-31 08:30:00", None, "bad_timestamp"),
        ("is_new", "Y", True, ""),
        ("is_new", "false", False, ""),
        ("is_new", "yes", None, "bad_boolean"),
        ("source_system", "", "row gone", "required"),
    ],
)
def test_a_text_is_exactly_a_value_of_its_type_or_is_quarantined(landing, column, value, typed, reason):
    if column == "source_system":
        landing.land("source_system,thing_id\n,1\n")
        assert (landing.rows(), landing.rejects("reason, severity")) == ([], [("required", "row")])
    else:
        assert one_value(landing, column, value) == (typed, reason)


def test_a_bad_value_leaves_its_row_and_a_broken_rule_takes_what_it_says(landing):
    landed = landing.land(HEADER + "CORE,1,ok,blue,0.5,,,,,,\nCORE,2,ok,red,,,,,,,Y\nCORE,3,ok,,,,200,,,,\n")
    assert landing.rows("thing_id, colour, price, weight") == [("1", None, None, None), ("3", None, None, Decimal(200))]
    assert landing.rejects() == [
        (2, "colour", "blue", "unknown_code", "value"),
        (2, "price", "0.5", "too_cheap", "value"),
        (3, "colour", "red", "no_red_new", "row"),
        (4, "weight", "200", "heavy", "warning"),
    ]
    assert (landed.rows_read, landed.rows_loaded, landed.rows_rejected, landed.rows_warned) == (3, 2, 1, 2)
    assert landed.reject_counts == {
        "row:no_red_new": 1,
        "value:too_cheap": 1,
        "value:unknown_code": 1,
        "warning:heavy": 1,
    }


@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize("delimiter", [",", ";", "|+|", "\x1f", "|#*#|"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_way_of_writing_a_file_lands_the_same(landing, delimiter, quote, encoding, end):
    form = FileFormat(delimiter=delimiter, quote=quote, encoding=encoding)
    lines = [["source_system", "thing_id", "name"], ["CORE", "1", "𠮷王"], ["CORE", "2", ""], ["CORE", "3", "x" * 9]]
    landing.land("".join(delimiter.join(line) + end for line in lines), form=form)
    assert landing.rows("thing_id, name, row") == [("1", "𠮷王", 1), ("2", None, 2), ("3", None, 3)]
    assert landing.rejects() == [(4, "name", "x" * 9, "too_long", "value")]


def test_a_header_may_be_missing_marked_or_have_columns_to_skip(landing):
    landing.land(
        "CORE|1|a|\nCORE|2|b|\n",
        form=FileFormat(delimiter="|", header=False, columns=("source_system", "thing_id", "name", "")),
    )
    assert landing.rows("thing_id, name") == [("1", "a"), ("2", "b")]
    landing.land("\ufeffSOURCE_SYSTEM,Thing_Id,name\nCORE,1,a\n")
    assert landing.rows("thing_id, name") == [("1", "a")]


def test_an_unknown_column_is_shown_and_a_missing_one_stops_the_file(landing):
    landing.land("source_system,thing_id,taste\nCORE,1,sweet\n")
    assert landing.rows("thing_id") == [("1",)]
    assert landing.rejects() == [(1, "taste", None, "unknown_column", "warning")]
    with pytest.raises(DeliveryError) as caught:
        landing.land("source_system,name\nCORE,a\n")
    assert (caught.value.fault.code, caught.value.fault.detail["column"]) == ("missing_column", "thing_id")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty_file"),
        ("\n\n", "empty_file"),
        ("source_system,thing_id,name,name\n", "repeated_column"),
        (b"source_system,thing_id,\xff\n", "bad_header"),
        (gzip.compress(SHORT.encode() + b"CORE,1,a\n" * 5000, mtime=0)[:60], "torn_archive"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_says_why(landing, content, code):
    with pytest.raises(DeliveryError) as caught:
        landing.land(content, name="file.csv.gz" if code == "torn_archive" else "file.csv")
    assert caught.value.fault.code == code


def test_an_archive_made_to_fill_the_disk_is_refused_before_it_does(landing, monkeypatch):
    monkeypatch.setattr("bankcrm.lake.formats.INFLATED_FROM", 1024 * 1024)
    bomb = gzip.compress(SHORT.encode() + bytes(20 * 1024 * 1024), mtime=0)
    with pytest.raises(DeliveryError) as caught:
        landing.land(bomb, name="file.csv.gz")
    assert caught.value.fault.code == "inflated_archive"


def test_a_header_without_rows_lands_nothing_and_is_no_fault(landing):
    for content in (SHORT, SHORT.strip()):
        landed = landing.land(content)
        assert (landed.rows_read, landed.is_sound, landing.rows()) == (0, True, [])


def test_lines_are_the_true_ones_after_line_breaks_inside_quotes_and_after_broken_lines(landing):
    content = (
        SHORT + 'CORE,1,"a\nb"\nCORE,2\nCORE,3,toolong\n\nCORE,4,"x"y\nCORE,5,a\x00\nCORE,6,toolong,x\nCORE,7,toolong'
    )
    landed = landing.land(content)
    assert landing.rejects() == [
        (4, "", None, "too_few_columns", "row"),
        (5, "name", "toolong", "too_long", "value"),
        (7, "", None, "stray_quote", "row"),
        (8, "", None, "nul_character", "row"),
        (9, "", None, "too_many_columns", "row"),
        (10, "name", "toolong", "too_long", "value"),
    ]
    assert landing.rows("thing_id, name, row") == [("1", "a\nb", 1), ("3", None, 3), ("7", None, 7)]
    assert (landed.rows_read, landed.rows_loaded, landed.rows_rejected) == (7, 3, 4)


def test_a_line_break_inside_quotes_alone_moves_the_line_of_what_follows(landing):
    landing.land(SHORT + 'CORE,1,"a\nb"\nCORE,2,toolong\n')
    assert landing.rejects() == [(4, "name", "toolong", "too_long", "value")]


def test_an_unquoted_delimiter_before_an_empty_last_value_never_shifts_the_row(landing):
    landing.land("source_system,thing_id,name,colour\nCORE,1,a,\nCORE,2,b,c,\n")
    assert landing.rows("thing_id, name, colour") == [("1", "a", None)]
    assert landing.rejects("line, reason") == [(3, "too_many_columns")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_wrong_bytes_cost_their_line_only(landing, encoding):
    content = SHORT.encode() + "CORE,1,张三\n".encode(encoding) + b"CORE,2,\xff\xff\n" + b"CORE,3,c\n"
    landing.land(content, form=FileFormat(encoding=encoding))
    assert landing.rows("thing_id, name") == [("1", "张三"), ("3", "c")]
    assert landing.rejects("line, reason") == [(3, "bad_encoding")]


def test_a_file_of_another_encoding_than_agreed_never_lands_garbled_names(landing):
    landing.land(SHORT.encode() + "CORE,1,张三\n".encode("gb18030"))
    assert (landing.rows(), landing.rejects("line, reason")) == ([], [(2, "bad_encoding")])


def test_a_key_that_occurs_twice_keeps_its_first_row(landing):
    landed = landing.land(SHORT + "CORE,1,a\nCARD,1,b\nCORE,1,c\nCORE,,d\nCORE,1,a\n")
    assert landing.rows("source_system, name") == [("CORE", "a"), ("CARD", "b")]
    assert landing.rejects() == [
        (4, "source_system,thing_id", "CORE/1", "duplicate_key", "row"),
        (5, "thing_id", None, "required", "row"),
        (6, "source_system,thing_id", "CORE/1", "duplicate_key", "row"),
    ]
    assert landed.rows_rejected == 3


def test_a_key_that_occurs_twice_is_found_in_a_file_without_other_faults(landing):
    landing.land(SHORT + "CORE,1,a\nCORE,2,b\nCORE,1,c\n")
    assert landing.rows("thing_id, name, row") == [("1", "a", 1), ("2", "b", 2)]
    assert landing.rejects("line, reason") == [(4, "duplicate_key")]


def test_a_nul_in_an_otherwise_good_file_costs_its_line(landing):
    landing.land(SHORT + "CORE,1,a\nCORE,2,b\x00\nCORE,3,c\n")
    assert landing.rows("thing_id") == [("1",), ("3",)]
    assert landing.rejects("line, reason") == [(3, "nul_character")]


def test_a_delta_deletes_by_key_alone_and_knows_only_two_operations(landing):
    content = "source_system,thing_id,name,colour,operation\n"
    content += "CORE,1,a,,U\nCORE,2,,,D\nCORE,3,c,,\nCORE,4,d,,X\nCORE,5,,puce,d\n"
    landing.land(content, scope="delta")
    assert landing.rows("thing_id, _op") == [("1", "U"), ("2", "D"), ("3", "U"), ("5", "D")]
    assert (5, "operation", "X", "unknown_code", "row") in landing.rejects()


def test_in_a_full_file_an_operation_is_just_an_unknown_column(landing):
    landing.land("source_system,thing_id,operation\nCORE,1,D\n")
    assert landing.rows("thing_id, _op") == [("1", "U")]
    assert landing.rejects("reason") == [("unknown_column",)]


def test_the_manifest_gives_the_source_system_and_a_row_of_another_one_is_rejected(landing):
    landing.land("thing_id,name\n1,a\n", source_system="CORE")
    assert landing.rows("source_system, thing_id") == [("CORE", "1")]
    landing.land(SHORT + "CORE,1,a\nCARD,2,b\n", source_system="CORE")
    assert landing.rows("thing_id") == [("1",)]
    assert landing.rejects() == [(3, "source_system", "CARD", "other_source_system", "row")]


def test_dated_rows_lie_by_month_and_none_is_later_than_the_business_date(landing):
    landed = landing.land(
        "holding_id,balance_on,currency,balance\n"
        "A,2026-10-31,CNY,1\nA,20261101,CNY,2\nB,2026-11-22,USD,3\nB,2026-11-23,USD,4\n",
        feed=BALANCE,
    )
    assert [(part.month, part.rows) for part in landed.parts] == [("2026-10", 1), ("2026-11", 2)]
    assert landing.rows("balance", landed.parts[1]) == [(Decimal(2),), (Decimal(3),)]
    assert landing.rejects() == [(5, "balance_on", "2026-11-23", "after_business_date", "row")]
    assert landed.totals == {"CNY": Decimal(3), "USD": Decimal(3)}
    assert landed.totals_read == {"CNY": Decimal(3), "USD": Decimal(7)}


def test_row_count_and_control_totals_are_held_against_what_was_announced(landing):
    content = "holding_id,balance_on,currency,balance\nA,2026-11-22,CNY,1\nB,2026-11-22,USD,3\n"
    sound = landing.file(content, feed="balance", rows=2, totals={"CNY": Decimal("1.00"), "USD": Decimal(3)})
    assert landing.land(sound, feed=BALANCE).is_sound
    faults = landing.land(replace(sound, rows=3, totals={"CNY": Decimal("1.01")}), feed=BALANCE).faults
    assert [(fault.code, fault.detail.get("key")) for fault in faults] == [
        ("row_count", None),
        ("control_total", "CNY"),
        ("control_total", "USD"),
    ]


def test_a_file_that_changes_while_it_is_read_is_refused(landing):
    file = landing.file(SHORT + "CORE,1,a\n")
    file.path.write_text(SHORT + "CORE,1,b,\n")
    with pytest.raises(DeliveryError) as caught:
        landing.land(file)
    assert caught.value.fault.code == "changed_while_loading"


def test_parquet_lands_as_csv_does(landing):
    path = landing.inbox / "things.parquet"
    duckdb.sql(
        "COPY (SELECT 'CORE' source_system, 1 thing_id, ' a ' AS name, 12.5::DECIMAL(10,4) price, "
        "TIMESTAMP '2024-02-29 00:00:00' made_on, true is_new UNION ALL "
        "SELECT 'CORE', 2, 'toolong', 12.555, TIMESTAMP '2024-02-29 01:00:00', NULL) "
        f"TO '{path}'"
    )
    landing.land(path.read_bytes(), name="things.parquet", form=FileFormat(type="parquet"))
    assert landing.rows("thing_id, name, price, made_on, is_new") == [
        ("1", "a", Decimal("12.50"), date(2024, 2, 29), True),
        ("2", None, None, None, None),
    ]
    assert {reason for (reason,) in landing.rejects("reason")} == {"too_long", "bad_money", "bad_date"}


def test_a_broken_parquet_file_is_unreadable(landing):
    with pytest.raises(DeliveryError) as caught:
        landing.land(b"PAR1 torn", name="things.parquet", form=FileFormat(type="parquet"))
    assert caught.value.fault.code == "unreadable"


def test_what_landed_goes_to_json_and_back_and_leaves_no_temporary_files(landing):
    landed = landing.land(HEADER + "CORE,1,ok,blue,2,,,,,,\n", rows=7)
    assert LandedFile.from_json(landed.to_json()) == landed
    assert landed.faults
    assert not list(landing.root.rglob("*.part"))
    assert not list((landing.root / "temp").iterdir())


def test_a_part_that_holds_every_row_of_its_file_needs_no_row_numbers(landing):
    """`_row` is NULL there; a part that lacks some rows has the numbers of the others."""
    landing.land(SHORT + "CORE,1,a\nCORE,2,toolong\n")
    assert landing.rows("thing_id, _row, _op, _file") == [("1", None, "U", "file.csv"), ("2", None, "U", "file.csv")]
    landing.land(SHORT + "CORE,,a\nCORE,2,b\n")
    assert landing.rows("thing_id, _row") == [("2", 2)]


def test_many_rows_keep_their_order_and_their_lines_on_several_threads(landing):
    rows = [f"CORE,{number},{'x' * 6 if number % 99_991 == 7 else 'y'}\n" for number in range(400_000)]
    landing.land(SHORT + "".join(rows))
    assert [line for (line,) in landing.rejects("line")] == [
        number + 2 for number in range(400_000) if number % 99_991 == 7
    ]
    sql = "count(*), count(*) FILTER (thing_id::BIGINT <> row - 1)"
    (part,) = landing.landed.parts
    source = f"read_parquet('{landing.root / part.path}', file_row_number = true)"
    found = duckdb.sql(f"SELECT {sql} FROM (SELECT *, file_row_number + 1 AS row FROM {source})").fetchone()
    assert found == (400_000, 0)


def test_landing_the_same_file_again_gives_the_same_files(landing):
    file = landing.file(SHORT + "CORE,1,a\nCORE,2,toolong\n")
    assert landing.land(file) == landing.land(file)
