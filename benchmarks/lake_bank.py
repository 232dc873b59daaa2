"""A bank of any size as landed Parquet, for measuring the lake alone: made set-wise, the same for the same size."""

from datetime import date, timedelta
from pathlib import Path

import duckdb

from bankcrm.lake.landed import LandedFile, Part

MONTHS = 13
LAST = date(2026, 11, 22)
NIGHT = LAST + timedelta(days=1)
SOURCE = "'CORE' AS source_system"
# As head office has it in the beginning: thresholds in yuan, months below before falling.
TIERS = [
    ("2000-01", code, wan * 10_000, months)
    for code, wan, months in (
        ("mass", 0, None), ("silver", 5, 3), ("gold", 30, 3), ("platinum", 50, 3), ("premier", 100, 3),
        ("diamond", 300, 3), ("private", 600, 6),
    )
]  # fmt: skip


def first_day() -> date:
    """The first day of the history."""
    return date(LAST.year - 1, LAST.month, 1)


class SizedBank:
    """Three holdings, ten balance changes and ten transactions a customer."""

    def __init__(self, root: Path, customers: int) -> None:
        self.root, self.customers = root, customers
        self.connection = duckdb.connect()
        self.landed: list[LandedFile] = []

    def history(self) -> None:
        """The first loading: states, and dated rows of thirteen months."""
        days = (LAST - first_day()).days + 1
        on = f"DATE '{first_day()}' + CAST(hash(i, 'day') % {days} AS INTEGER)"
        self._state("product", self._products())
        self._state("holding", self._holdings(0, 3 * self.customers))
        self._rates()
        self._dated("balance", self._balances(10 * self.customers, on), "balance_on", LAST)
        self._dated("transaction", self._transactions(0, 10 * self.customers, on), "transacted_on", LAST)
        self.connection.execute(
            f"COPY (SELECT 'CORE/' || i AS source_key, i AS customer_id FROM range({self.customers}) AS r (i))"
            f" TO '{self.root / 'map.parquet'}'"
        )

    def night(self) -> None:
        """The next day: a tenth of the holdings move, 0.3 transactions a customer, one holding in a thousand is new."""
        on = f"DATE '{NIGHT}'"
        moved, new = self.customers * 3 // 10, 3 * self.customers // 1000
        self._state("holding", self._holdings(3 * self.customers, new, is_new=True), on=NIGHT, scope="delta")
        self._dated("balance", self._balances(moved, on), "balance_on", NIGHT)
        self._dated("transaction", self._transactions(10 * self.customers, moved, on), "transacted_on", NIGHT)

    def _products(self) -> str:
        classes = ("demand_deposit", "time_deposit", "wealth", "fund", "consumer_loan", "credit_card")
        rows = ", ".join(f"('{number}', '{name}')" for number, name in enumerate(classes))
        return f"""SELECT c.id AS product_id, c.name AS name, c.name AS product_class, 'retail' AS business_line,
            NULL::VARCHAR AS name_en, NULL::VARCHAR AS currency, NULL::BIGINT AS term_days, NULL::DECIMAL(12,8) AS rate,
            NULL::DATE AS launched_on, NULL::DATE AS withdrawn_on FROM (VALUES {rows}) AS c (id, name)"""

    def _holdings(self, first: int, count: int, *, is_new: bool = False) -> str:
        opened, closed = (f"DATE '{NIGHT}'", -1) if is_new else ("DATE '2020-01-01'", 0)
        return f"""SELECT {SOURCE}, i::VARCHAR AS holding_id,
            (hash(i, 'owner') % {self.customers})::VARCHAR AS customer_id, '6228' || i AS account_number,
            (hash(i, 'product') % 6)::VARCHAR AS product_id,
            (hash(i, 'unit') % 400)::VARCHAR AS unit_id,
            CASE WHEN hash(i, 'currency') % 40 = 0 THEN 'USD' ELSE 'CNY' END AS currency,
            NULL::VARCHAR AS account_nature, 'active' AS status, {opened} AS opened_on, NULL::DATE AS matures_on,
            CASE WHEN hash(i, 'closed') % 50 = {closed} THEN DATE '2026-05-01' + (hash(i) % 200)::INTEGER END
            AS closed_on,
            0.01::DECIMAL(12,8) AS rate, NULL::DECIMAL(20,2) AS contract_amount
            FROM range({first}, {first + count}) AS r (i)"""

    def _balances(self, count: int, on: str) -> str:
        return f"""SELECT DISTINCT ON (holding_id, balance_on) * FROM (
            SELECT {SOURCE}, (hash(i, 'h') % {3 * self.customers})::VARCHAR AS holding_id, {on} AS balance_on,
            CASE WHEN hash(hash(i, 'h') % {3 * self.customers}, 'currency') % 40 = 0 THEN 'USD' ELSE 'CNY' END
            AS currency,
            ((hash(i, 'amount') % 10000000)::DECIMAL(20,2) * 0.01)::DECIMAL(20,2) AS balance
            FROM range({count}) AS r (i))"""

    def _transactions(self, first: int, count: int, on: str) -> str:
        return f"""SELECT {SOURCE}, i::VARCHAR AS transaction_id,
            (hash(i, 'h') % {3 * self.customers})::VARCHAR AS holding_id, {on} AS transacted_on,
            ({on})::TIMESTAMP + to_seconds((hash(i, 'clock') % 86400)::INTEGER) AS transacted_at, 1::BIGINT AS sequence,
            CASE WHEN hash(i, 'way') % 2 = 0 THEN 'credit' ELSE 'debit' END AS direction,
            ((hash(i, 'amount') % 1000000)::DECIMAL(20,2) * 0.01)::DECIMAL(20,2) AS amount, 'CNY' AS currency,
            NULL::DECIMAL(20,2) AS balance_after, 'transfer' AS transaction_type, 'mobile' AS channel,
            '客户' || hash(i, 'who') % 100000 AS counterparty_name, '6228' || hash(i, 'who') AS counterparty_account,
            '江州银行' AS counterparty_bank, '转账' || i % 100 AS summary
            FROM range({first}, {first + count}) AS r (i)"""

    def _rates(self) -> None:
        days = (NIGHT - first_day()).days + 1
        self._dated(
            "fx_rate",
            f"""SELECT 'USD' AS currency, DATE '{first_day()}' + i::INTEGER AS rate_on,
            (7 + (hash(i) % 1000) * 0.0001)::DECIMAL(12,8) AS middle_rate, 1::BIGINT AS per_units
            FROM range({days}) AS r (i)""",
            "rate_on",
            LAST,
        )

    def _state(self, feed: str, sql: str, *, on: date = LAST, scope: str = "full") -> None:
        self._land(feed, on, scope, [("", sql)])

    def _dated(self, feed: str, sql: str, day: str, on: date) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE made AS {sql}")
        months = self.connection.execute(f"SELECT DISTINCT strftime({day}, '%Y-%m') FROM made ORDER BY 1").fetchall()
        parts = [(month, f"SELECT * FROM made WHERE strftime({day}, '%Y-%m') = '{month}'") for (month,) in months]
        self._land(feed, on, "delta", parts)

    def _land(self, feed: str, on: date, scope: str, parts: list[tuple[str, str]]) -> None:
        load = len(self.landed) + 1
        made = []
        for month, sql in parts:
            path = self.root / "landed" / feed / on.isoformat() / str(load) / month / "part-0.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            (count,) = self.connection.execute(
                f"COPY (SELECT *, row_number() OVER () AS _row, 'U' AS _op, '' AS _file FROM ({sql}))"
                f" TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
            ).fetchone() or (0,)
            made.append(Part(path.relative_to(self.root).as_posix(), month, count, f"{feed} {on} {month}"))
        rows = sum(part.rows for part in made)
        self.landed.append(LandedFile(feed, "CORE", scope, on, load, feed, "", tuple(made), rows, rows, 0, 0))
