"""A small contract and a short way to land a file of it: for the tests of landing."""

from datetime import date

import duckdb

from bankcrm.lake.connection import connect
from bankcrm.lake.contract import CodeTable, Column, Feed, Kind, RowRule
from bankcrm.lake.delivered import DeliveredFile, FileFormat
from bankcrm.lake.landing import land
from bankcrm.lake.store import sha256_of

CSV = FileFormat()
BUSINESS_DATE = date(2026, 11, 22)
COLOURS = CodeTable("colour", {"red": ("红", "Red"), "green": ("绿", "Green")})
THING = Feed(
    "thing",
    "物",
    "Things",
    key=("source_system", "thing_id"),
    columns=(
        Column("source_system", Kind.ID, "", "", required=True, max_length=20),
        Column("thing_id", Kind.ID, "", "", required=True, max_length=10),
        Column("name", Kind.TEXT, "", "", max_length=5),
        Column("colour", Kind.CODE, "", "", code_table=COLOURS),
        Column("price", Kind.MONEY, "", ""),
        Column("rate", Kind.RATE, "", ""),
        Column("weight", Kind.QUANTITY, "", ""),
        Column("count", Kind.INTEGER, "", ""),
        Column("made_on", Kind.DATE, "", ""),
        Column("seen_at", Kind.TIMESTAMP, "", ""),
        Column("is_new", Kind.BOOLEAN, "", ""),
    ),
    rules=(
        RowRule("too_cheap", "price", "price >= 1", "", "", severity="value"),
        RowRule("no_red_new", "colour", "NOT (colour = 'red' AND is_new)", "", ""),
        RowRule("heavy", "weight", "weight < 100", "", "", severity="warning"),
    ),
)
NAMES = [column.name for column in THING.columns]
BALANCE = Feed(
    "balance",
    "余额",
    "Balances",
    key=("holding_id", "balance_on"),
    dated_by="balance_on",
    total_column="balance",
    total_by="currency",
    columns=(
        Column("holding_id", Kind.ID, "", "", required=True),
        Column("balance_on", Kind.DATE, "", "", required=True),
        Column("currency", Kind.TEXT, "", "", required=True, max_length=3),
        Column("balance", Kind.MONEY, "", "", required=True),
    ),
)


class Landing:
    """Writes files, lands them, and shows what came of it."""

    def __init__(self, tmp_path):
        self.root = tmp_path / "lake"
        self.inbox = tmp_path / "inbox"
        self.inbox.mkdir()
        self.connection = connect(temp=tmp_path / "duck", memory="1GB")

    def file(self, content, *, name="file.csv", feed="thing", scope="full", form=CSV, **more):
        path = self.inbox / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(form.encoding))
        found = path.stat()
        return DeliveredFile(
            path,
            name,
            feed,
            scope,
            BUSINESS_DATE,
            sha256_of(path),
            format=form,
            size=found.st_size,
            modified_ns=found.st_mtime_ns,
            **more,
        )

    def land(self, content, *, feed=THING, **more):
        file = content if isinstance(content, DeliveredFile) else self.file(content, feed=feed.name, **more)
        self.landed = land(feed, file, out=self.root, load_id=1, connection=self.connection)
        return self.landed

    def rows(self, columns="*", part=None):
        """Rows in the order of their file; `row` is the number of each."""
        parts = [part] if part else self.landed.parts
        paths = [str(self.root / found.path) for found in parts]
        source = f"read_parquet({paths}, hive_partitioning = false, file_row_number = true)"
        sql = f"SELECT {columns} FROM (SELECT *, coalesce(_row, file_row_number + 1) AS row FROM {source}) ORDER BY row"
        return duckdb.sql(sql).fetchall()

    def rejects(self, columns='line, "column", value, reason, severity'):
        if not self.landed.rejects:
            return []
        return duckdb.sql(f"SELECT {columns} FROM '{self.root / self.landed.rejects}'").fetchall()
