"""What readers of a build rely on."""

from types import SimpleNamespace

import pytest

from bankcrm.lake.named import NotBuiltError
from bankcrm.lake.reader import LakeReader, open_connection


def test_every_cursor_keeps_what_it_knows_of_files(tmp_path):
    """Each query has a cursor of its own; without this setting each would read the ends of all files anew."""
    connection = open_connection(tmp_path / "lake")
    cursor = connection.cursor()
    kept = cursor.execute("SELECT current_setting('parquet_metadata_cache')").fetchone()
    assert kept == (True,)


def test_a_build_from_before_a_column_was_thought_of_says_so(tmp_path):
    """After an update the pages say that the next load brings the figures, not that the lake is silent."""
    columns = {"out_customer_month": [("month", "VARCHAR"), ("customer_id", "BIGINT")]}
    old = SimpleNamespace(build_id=7, parts={"out_customer_month": []}, columns=columns)
    reader = LakeReader(old, tmp_path / "lake")
    with pytest.raises(NotBuiltError, match="build 7 lacks a column"):
        reader.run("customer_trend", {"customer_id": 1})
