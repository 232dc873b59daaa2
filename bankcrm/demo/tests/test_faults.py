"""Planted faults are found by the product's own checks, and nothing else is."""

import pytest

from bankcrm.demo.faults import FILE_FAULTS, ROW_FAULTS, make_faulty
from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.lake.connection import connect
from bankcrm.lake.delivered import DeliveryError
from bankcrm.lake.delivery import read_delivery
from bankcrm.lake.landing import land


@pytest.fixture
def daily(bank):
    return bank / "2026-11-23"


def landed(folder, out):
    """Lands a delivery: all landed files, and the rejects as (code, feed, line, column, severity)."""
    files, rejects = [], []
    with connect(temp=out / "temp") as lake:
        for file in read_delivery(folder, known=BY_NAME).files:
            found = land(BY_NAME[file.feed], file, out=out, load_id=1, connection=lake)
            files.append(found)
            if found.rejects:
                rejects += lake.execute(
                    f"SELECT feed, line, coalesce(\"column\", ''), severity FROM '{out / found.rejects}'"
                ).fetchall()
    return files, rejects


def test_faults_of_rows_are_put_aside_with_their_line_and_the_rest_is_sound(daily, tmp_path):
    planted = make_faulty(daily, tmp_path / "faulty")
    assert {fault.code for fault in planted} == set(ROW_FAULTS)
    files, rejects = landed(tmp_path / "faulty", tmp_path / "lake")
    assert all(file.is_sound for file in files)
    found = {(feed, line, column) for feed, line, column, severity in rejects if severity != "warning"}
    for fault in planted:
        if fault.code == "unknown_holding":  # found by looking across files, not in its own
            continue
        lines = {line for feed, line, _ in found if feed == fault.feed}
        assert fault.line in lines, fault
    wanted = {(fault.feed, fault.line) for fault in planted}
    assert {(feed, line) for feed, line, _ in found if (feed, line) not in wanted} <= {("product", 2)}


def test_a_truncated_line_costs_one_row(daily, tmp_path):
    (fault,) = make_faulty(daily, tmp_path / "faulty", ("truncated_line",))
    files, rejects = landed(tmp_path / "faulty", tmp_path / "lake")
    assert [(feed, line) for feed, line, _, severity in rejects if severity == "row"] == [("contact_point", fault.line)]
    assert sum(file.rows_rejected for file in files) == 1


@pytest.mark.parametrize("code", [code for code in FILE_FAULTS if code != "truncated_line"])
def test_faults_of_files_stop_the_delivery(code, daily, tmp_path):
    (fault,) = make_faulty(daily, tmp_path / "faulty", (code,))
    assert fault.stops
    try:
        delivery = read_delivery(tmp_path / "faulty", known=BY_NAME)
        sound = delivery.is_sound and all(file.is_sound for file in landed(tmp_path / "faulty", tmp_path / "lake")[0])
    except DeliveryError:
        sound = False
    assert not sound


def test_the_delivery_itself_is_left_alone(daily, tmp_path):
    before = {path.name: path.read_bytes() for path in daily.iterdir()}
    make_faulty(daily, tmp_path / "faulty", (*ROW_FAULTS, *FILE_FAULTS))
    assert {path.name: path.read_bytes() for path in daily.iterdir()} == before


def test_an_unknown_fault_and_parquet_are_refused(daily, history, tmp_path):
    with pytest.raises(ValueError, match="gremlins"):
        make_faulty(daily, tmp_path / "faulty", ("gremlins",))
    with pytest.raises(ValueError, match="CSV"):
        make_faulty(history, tmp_path / "faulty")
