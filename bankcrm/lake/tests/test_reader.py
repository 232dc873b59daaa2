"""What readers of a build rely on."""

from bankcrm.lake.reader import open_connection


def test_every_cursor_keeps_what_it_knows_of_files(tmp_path):
    """Each query has a cursor of its own; without this setting each would read the ends of all files anew."""
    connection = open_connection(tmp_path / "lake")
    cursor = connection.cursor()
    kept = cursor.execute("SELECT current_setting('parquet_metadata_cache')").fetchone()
    assert kept == (True,)
