"""`ref_name`: what matching, search and sorting need of each name, worked out once for each and carried on."""

from pathlib import Path

import duckdb
import pyarrow as pa

from bankcrm.core import names
from bankcrm.lake.connection import literal
from bankcrm.lake.store import whole_file

SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("kind", pa.string()),
        ("normalised", pa.string()),
        ("sort_key", pa.string()),
        ("pieces", pa.list_(pa.string())),
        ("pinyin", pa.list_(pa.string())),
        ("initials", pa.list_(pa.string())),
    ]
)
COLUMNS = (
    "name VARCHAR, kind VARCHAR, normalised VARCHAR, sort_key VARCHAR, "
    "pieces VARCHAR[], pinyin VARCHAR[], initials VARCHAR[]"
)
BATCH = 100_000


def build_names(lake: duckdb.DuckDBPyConnection, *, out: Path, previous: Path | None) -> Path:
    """Writes `ref_name.parquet` (grain: name × kind) for all names in `party` and makes the view `ref_name`.

    Names known to the build before are copied: a nightly load works out its new names only.
    """
    lake.execute(f"CREATE OR REPLACE TEMP TABLE ref_name_made ({COLUMNS})")
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE wanted_name AS SELECT DISTINCT name, kind FROM party WHERE name IS NOT NULL"
    )
    if previous:
        lake.execute(
            "INSERT INTO ref_name_made SELECT o.* FROM read_parquet($path) o "
            "SEMI JOIN wanted_name w ON w.name = o.name AND w.kind = o.kind",
            {"path": str(previous)},
        )
    fresh = lake.execute(
        "SELECT name, kind FROM wanted_name EXCEPT SELECT name, kind FROM ref_name_made ORDER BY ALL"
    ).to_arrow_table()
    for start in range(0, fresh.num_rows, BATCH):
        batch = fresh.slice(start, BATCH)
        lake.register(
            "name_batch", _table(list(zip(batch["name"].to_pylist(), batch["kind"].to_pylist(), strict=True)))
        )
        lake.execute("INSERT INTO ref_name_made SELECT * FROM name_batch")
        lake.unregister("name_batch")
    path = out / "ref_name.parquet"
    with whole_file(path) as partial:
        lake.execute(
            f"COPY (SELECT * FROM ref_name_made ORDER BY name, kind) TO {literal(str(partial))} (FORMAT parquet)"
        )
    lake.execute("DROP TABLE ref_name_made")
    lake.execute(f"CREATE OR REPLACE VIEW ref_name AS SELECT * FROM read_parquet({literal(str(path))})")
    return path


def _table(rows: list[tuple[str, str]]) -> pa.Table:
    found = list(names.search_names_of((name, kind == "person") for name, kind in rows))
    return pa.table(
        {
            "name": [name for name, _kind in rows],
            "kind": [kind for _name, kind in rows],
            "normalised": [names.normalise(name) for name, _kind in rows],
            "sort_key": [forms.sort_key for forms in found],
            "pieces": [list(forms.pieces) for forms in found],
            "pinyin": [list(dict.fromkeys(forms.pinyin)) for forms in found],
            "initials": [list(forms.initials) for forms in found],
        },
        schema=SCHEMA,
    )
