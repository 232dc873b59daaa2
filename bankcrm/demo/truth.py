"""The planted truth of a demonstration bank: who is whom, who leaves, who would respond.

Run beside the product to score what it finds: `python -m bankcrm.demo.truth OUT --size 20000`. Nothing imports this
module, so that nothing in the product can know what was planted; a test holds that. The bank is made again from its
seed, without the files, and its answers are written as `<out>/truth/*.parquet`.
"""

import shutil
from datetime import date, datetime
from pathlib import Path

import click

from bankcrm.demo.bank import SEED, make_bank, make_plan
from bankcrm.demo.workshop import Workshop

# Table: what it says. `customer_id` is the number in the source system; `real_id` numbers real customers from 0.
TABLES: dict[str, str] = {
    # Which source customers are one, and what was keyed in wrongly.
    "identities": """
        SELECT s.source AS source_system, s.customer_id, s.n AS real_id, s.kind = 'P' AS is_person,
            s.variant = 1 AS is_duplicate, coalesce(d.document_error, '') AS document_error,
            coalesce(d.name_error, FALSE) AS name_error, coalesce(d.contact_error, FALSE) AS contact_error
        FROM sources AS s LEFT JOIN dirt AS d ON d.n = s.n AND d.source = s.source AND d.variant = s.variant
        ORDER BY s.source, s.customer_id""",
    # Corporate groups: the member's group, named by its head, and its place in the tree. 50:50 ventures belong to none.
    "groups": """
        SELECT m.block AS group_id, source_id('CORE', c.n, 0) AS customer_id, c.name, m.place = 0 AS is_head,
            m.place = 4 AND m.block % 2 = 0 AND m.block + 1 < getvariable('groups') AS is_joint_venture
        FROM members AS m JOIN companies AS c USING (o) ORDER BY m.o""",
    # Families that bank together.
    "households": """
        SELECT house AS household_id, source_id('CORE', n, 0) AS customer_id,
            CASE WHEN is_spouse THEN 'spouse' WHEN is_child THEN 'child' ELSE 'head' END AS member
        FROM people WHERE in_core AND married AND (role = 0 OR is_spouse OR is_child) ORDER BY p""",
    # Whose assets drain in the last months, and from when on.
    "leavers": """
        SELECT source_id('CORE', n, 0) AS customer_id, kind = 'P' AS is_person, leaves_on FROM owners
        WHERE leaves_on IS NOT NULL AND in_core ORDER BY n""",
    # Cells in which the ledger was made wrong: what it has too much, and from which day on it is right again.
    "ledger_differences": """
        SELECT unit_id, currency, account_class, yuan(surplus) AS surplus, right_on FROM ledger_faults
        ORDER BY account_class""",
    # How likely each person is to take a wealth product when asked, and whether this one would.
    "responders": """
        WITH known AS (
            SELECT p.n, p.p, source_id('CORE', p.n, 0) AS customer_id, -3.1 + 2.6 * p.rank
                + 0.9 * (p.age BETWEEN 35 AND 62)::INTEGER - 0.8 * p.leaver::INTEGER
                + 0.8 * (EXISTS (FROM holdings AS h WHERE h.n = p.n AND h.product_class = 'fund'))::INTEGER
                + 0.6 * (EXISTS (FROM holdings AS h WHERE h.n = p.n AND h.product_id = 'Y101'))::INTEGER
                + 0.5 * draw_normal('response', p.p) AS score
            FROM people AS p WHERE p.in_core
        )
        SELECT customer_id, 1 / (1 + exp(-score)) AS likelihood, draw('responds', p) < 1 / (1 + exp(-score)) AS responds
        FROM known ORDER BY n""",
}


def write_truth(out: Path, *, size: int, seed: int, business_date: date, months: int) -> list[Path]:
    """Writes `<out>/truth/<table>.parquet` for the bank that these numbers make; returns the files."""
    folder = out / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    scratch = out / ".scratch"
    written = []
    try:
        with Workshop(scratch) as shop:
            make_bank(shop, make_plan(size, seed, business_date, months))
            for name, query in TABLES.items():
                path = folder / f"{name}.parquet"
                shop.copy(query, path, "FORMAT parquet, COMPRESSION zstd")
                written.append(path)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return written


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--size", type=int, default=20_000, show_default=True, help="Number of real customers.")
@click.option("--seed", type=int, default=SEED, show_default=True)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), default="2026-11-22", show_default=True)
@click.option("--months", type=int, default=13, show_default=True)
def main(out: Path, size: int, seed: int, day: datetime, months: int) -> None:
    """Write the planted truth of the demonstration bank made with these numbers."""
    for path in write_truth(out, size=size, seed=seed, business_date=day.date(), months=months):
        click.echo(str(path))


if __name__ == "__main__":
    main()
