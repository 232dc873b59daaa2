import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from bankcrm.lake.connection import connect, literal, name, seal
from bankcrm.lake.store import LakePaths, remove_partials, sha256_of, whole_file, write_whole


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    target = tmp_path / "deep" / "file.json"
    write_whole(target, "old")
    with pytest.raises(ValueError), whole_file(target) as partial:
        partial.write_text("half")
        raise ValueError
    assert target.read_text() == "old"
    write_whole(target, "new")
    assert [path.name for path in target.parent.iterdir()] == ["file.json"]
    assert target.read_text() == "new"


def test_what_a_killed_writer_leaves_is_swept_up_and_nothing_else(tmp_path):
    (tmp_path / "a.parquet.1234.part").write_text("half")
    (tmp_path / "a.parquet").write_text("whole")
    assert remove_partials(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_a_fingerprint_is_that_of_the_bytes(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_manifests_name_paths_relative_to_the_lake(tmp_path):
    paths = LakePaths(tmp_path)
    assert paths.relative(paths.landed("person", date(2026, 11, 22), 7)) == "landed/person/2026-11-22/7"
    with pytest.raises(ValueError):
        paths.relative(Path("/elsewhere"))


@pytest.mark.parametrize(("point", "code"), [("land:before", -signal.SIGKILL), ("land:after", 0)])
def test_the_process_dies_at_the_named_point_and_at_no_other(point, code):
    program = "from bankcrm.lake.faults import checkpoint; checkpoint('land:before')"
    found = subprocess.run([sys.executable, "-c", program], env={**os.environ, "BANKCRM_CRASH_AT": point}, check=False)
    assert found.returncode == code


def test_a_connection_has_its_extensions_and_fetches_none(tmp_path):
    with connect(temp=tmp_path / "duck", extensions=["postgres"]) as connection:
        loaded = connection.execute("SELECT extension_name FROM duckdb_extensions() WHERE loaded").fetchall()
        assert ("postgres_scanner",) in loaded
        with pytest.raises(duckdb.Error):
            connection.execute("SELECT * FROM 'http://127.0.0.1:9/x.parquet'")


def test_a_query_larger_than_its_memory_spills_into_the_folder_it_was_given(tmp_path):
    with connect(temp=tmp_path / "duck", memory="100MB", threads=2) as connection:
        sql = "CREATE TABLE t AS SELECT hash(i)::VARCHAR || hash(-i)::VARCHAR AS x FROM range(4000000) AS r(i)"
        connection.execute(sql)
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (4_000_000,)
        assert any((tmp_path / "duck").iterdir())


def test_a_sealed_connection_reads_its_folders_only_and_cannot_be_opened_again(tmp_path):
    inside, outside = tmp_path / "in" / "a.csv", tmp_path / "out.csv"
    inside.parent.mkdir()
    for path in (inside, outside):
        path.write_text("x\n1\n")
    with connect(temp=tmp_path / "duck") as connection:
        seal(connection, folders=[inside.parent])
        assert connection.execute(f"SELECT * FROM '{inside}'").fetchall() == [(1,)]
        for sql in (f"SELECT * FROM '{outside}'", "SET enable_external_access = true", "RESET allowed_directories"):
            with pytest.raises(duckdb.Error):
                connection.execute(sql)


def test_names_and_texts_are_quoted(tmp_path):
    with connect(temp=tmp_path / "duck") as connection:
        sql = "SELECT " + literal("it's") + " AS " + name('a "b"')
        result = connection.execute(sql)
        assert (result.fetchall(), result.description[0][0]) == ([("it's",)], 'a "b"')
    with pytest.raises(ValueError):
        literal("a\0b")
