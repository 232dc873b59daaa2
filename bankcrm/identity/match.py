"""The one rule that joins source customers of itself: same kind, same document, same normalised name.

Scored matching, merge and unmerge have their place beside this module: they change the map that PostgreSQL keeps, and
the next load starts from that map. What is mapped once stays mapped; only new source customers are decided here.
"""

from pathlib import Path

import duckdb

from bankcrm.core.names import normalise
from bankcrm.customers.models import STAFF
from bankcrm.feeds.matching import MatchInput, MatchResult
from bankcrm.lake.connection import literal
from bankcrm.lake.store import whole_file

SQL = Path(__file__).parent / "sql"

# A document shown under more names than this is a placeholder (all nines, the clerk's own), not a person.
MOST_NAMES = 5
# Label propagation takes as many rounds as the longest chain of documents; real chains are two or three long.
MOST_ROUNDS = 50


def match_by_document(data: MatchInput) -> MatchResult:
    """Maps every source customer to a customer and writes the map; see `MatchInput` for what it reads.

    A new source customer joins the customer of those it is equal to; where these are several customers already, the
    oldest, and the pairs become candidates. Deterministic: new customers take their keys in the order of their sources.
    """
    lake = data.lake
    lake.execute(f"CREATE OR REPLACE TEMP TABLE match_group AS {(SQL / 'groups.sql').read_text(encoding='utf-8')}")
    add_staff_documents(lake)
    drop_placeholders(lake)
    label_components(lake)
    created = _create_customers(data)
    joined_row = lake.execute(
        "SELECT count(*) FROM component c WHERE c.existing IS NOT NULL "
        "AND c.source_key NOT IN (SELECT source_key FROM known_map)"
    ).fetchone()
    path = data.out / "customer_map.parquet"
    with whole_file(path) as partial:
        lake.execute(f"COPY (SELECT * FROM decided ORDER BY source_key) TO {literal(str(partial))} (FORMAT parquet)")
    lake.execute(f"CREATE OR REPLACE VIEW ref_customer_map AS SELECT * FROM read_parquet({literal(str(path))})")
    return MatchResult(path, joined=joined_row[0] if joined_row else 0, created=created)


def add_staff_documents(lake: duckdb.DuckDBPyConnection) -> None:
    """Lets documents that staff added speak for their customers, prospects among them, as a source customer would.

    They are looked up last, so that they decide nothing between sources.
    """
    rows = lake.execute(
        "SELECT customer_id, kind, name, document_type, document_number FROM staff_document ORDER BY ALL"
    ).fetchall()
    shown = [
        (f"{STAFF}/{customer_id}", f"999999{STAFF}/{customer_id}", kind, name, normalise(name), document_type, number)
        for customer_id, kind, name, document_type, number in rows
    ]
    if shown:
        lake.executemany("INSERT INTO match_group VALUES (?, ?, ?, ?, ?, ?, ?)", shown)
    lake.execute(f"INSERT INTO known_map SELECT DISTINCT '{STAFF}/' || customer_id, customer_id FROM staff_document")
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE match_party AS SELECT source_key, source_system FROM party "
        f"UNION ALL SELECT DISTINCT '{STAFF}/' || customer_id, '{STAFF}' FROM staff_document"
    )


def drop_placeholders(lake: duckdb.DuckDBPyConnection) -> None:
    """Leaves out documents shown under more than `MOST_NAMES` names."""
    lake.execute(
        "DELETE FROM match_group g USING (SELECT document_type, document_number FROM match_group "
        f"GROUP BY ALL HAVING count(DISTINCT normalised) > {MOST_NAMES}) p "
        "WHERE g.document_type = p.document_type AND g.document_number = p.document_number"
    )


def label_components(lake: duckdb.DuckDBPyConnection) -> None:
    """Makes `label(source_key, label)`: source customers connected through equal documents and names share a label.

    Smallest label wins, over and over until nothing changes (connected components by label propagation).
    """
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE edge AS SELECT source_key, "
        "hash(kind, document_type, document_number, normalised) AS shared FROM match_group "
        "WHERE normalised IS NOT NULL AND normalised <> '' "
        "QUALIFY count(*) OVER (PARTITION BY kind, document_type, document_number, normalised) > 1"
    )
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE label AS SELECT source_key, min(ord) AS label FROM match_group GROUP BY 1"
    )
    for _round in range(MOST_ROUNDS):
        lake.execute(
            "CREATE OR REPLACE TEMP TABLE better AS "
            "SELECT e.source_key, min(s.label) AS label FROM edge e JOIN "
            "(SELECT e.shared, min(l.label) AS label FROM edge e "
            "JOIN label l ON l.source_key = e.source_key GROUP BY 1) s "
            "ON s.shared = e.shared GROUP BY 1"
        )
        changed = lake.execute(
            "UPDATE label SET label = b.label FROM better b "
            "WHERE b.source_key = label.source_key AND b.label < label.label"
        ).fetchone()
        if not changed or not changed[0]:
            return


def _create_customers(data: MatchInput) -> int:
    """Makes `component` and `decided(source_key, customer_id)`; answers how many customers are new."""
    lake = data.lake
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE component AS "
        "SELECT p.source_key, coalesce(l.label, printf('%06d', coalesce(r.rank, 999999)) || p.source_key) AS label, "
        "min(k.customer_id) OVER (PARTITION BY coalesce(l.label, "
        "printf('%06d', coalesce(r.rank, 999999)) || p.source_key)) AS existing "
        "FROM match_party p LEFT JOIN label l ON l.source_key = p.source_key "
        "LEFT JOIN ref_source_rank r ON r.source_system = p.source_system "
        "LEFT JOIN known_map k ON k.source_key = p.source_key"
    )
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE fresh_label AS "
        "SELECT label, row_number() OVER (ORDER BY label) AS place "
        "FROM (SELECT DISTINCT label FROM component WHERE existing IS NULL)"
    )
    counted = lake.execute("SELECT count(*) FROM fresh_label").fetchone()
    keys = data.allocate(int(counted[0]) if counted else 0)
    import pyarrow as pa  # here, since the web processes know of matching but never match: 40 MiB each

    lake.register("fresh_key", pa.table({"place": range(1, len(keys) + 1), "customer_id": pa.array(keys, pa.int64())}))
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE fresh AS "
        "SELECT l.label, k.customer_id FROM fresh_label l JOIN fresh_key k ON k.place = l.place"
    )
    lake.unregister("fresh_key")
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE decided AS "
        "SELECT c.source_key, coalesce(k.customer_id, c.existing, f.customer_id) AS customer_id FROM component c "
        "LEFT JOIN known_map k ON k.source_key = c.source_key LEFT JOIN fresh f ON f.label = c.label "
        "UNION ALL SELECT k.source_key, k.customer_id FROM known_map k "
        "WHERE k.source_key NOT IN (SELECT source_key FROM match_party)"
    )
    return len(keys)
