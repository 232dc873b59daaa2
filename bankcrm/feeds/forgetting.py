"""What was erased does not come back: it is taken out of the lake's landed files, and left out of later deliveries.

An upstream system may go on delivering a customer whom this bank has erased here. So the keys of what was erased stay
behind, as salted digests by class of retention, and every landed file is compared with them: rows that name such a
customer, or such a holding, are left out before the lake's states are folded. Builds made of the old files go as
`bankcrm.feeds.tidy` takes them away.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from time import sleep

import duckdb
from django.conf import settings
from django.db import connection as postgres
from django.db.models import Q, QuerySet

from bankcrm.core import dates
from bankcrm.core.retention import DEALINGS, EVIDENCE, IDENTITY, SERVICE
from bankcrm.customers.models import Holding, SourceCustomer
from bankcrm.feeds.models import BankSetting, ErasedKey, LoadFile
from bankcrm.feeds.tidy import LIVING, LOCK
from bankcrm.lake.connection import connect, literal, name
from bankcrm.lake.landed import LandedFile, Part
from bankcrm.lake.store import LakePaths, sha256_of
from bankcrm.lake.tables import write_part

ASK_AGAIN = 2.0  # seconds
CUSTOMER_COLUMNS = ("customer_id", "related_customer_id")
HOLDING_COLUMNS = ("holding_id", "paid_holding_id", "payer_holding_id")
OPENING = ("person", "organisation", "holding")
"""Feeds that say when a relationship, or an account, was opened."""
FEED_CLASSES: Mapping[str, str] = {
    "person": IDENTITY,
    "organisation": IDENTITY,
    "identity_document": IDENTITY,
    "contact_point": IDENTITY,
    "relation": IDENTITY,
    "coverage": IDENTITY,
    "holding": DEALINGS,
    "holding_party": DEALINGS,
    "standing_order": DEALINGS,
    "facility": DEALINGS,
    "collateral": DEALINGS,
    "risk": DEALINGS,
    "bill": DEALINGS,
    "trade_finance": DEALINGS,
    "payroll": DEALINGS,
    "balance": DEALINGS,
    "transaction": DEALINGS,
    "income": DEALINGS,
    "interaction": SERVICE,
    "external_holding": SERVICE,
    "consent": EVIDENCE,
}
"""With which class of retention the rows of a feed go; feeds that name neither customers nor holdings are not here."""


def remember(customer_id: int, retention_class: str) -> int:
    """Keeps the digests of a customer's source keys, and of its holdings, for one class; answers how many are new.

    To be called before the rows that hold the keys are erased, in the same transaction.
    """
    because = "keys of a customer that is being erased"
    sources = SourceCustomer.objects.everything(because=because).filter(customer_id=customer_id)
    keys = {(ErasedKey.What.CUSTOMER, key) for key in sources.values_list("key", flat=True)}
    if retention_class == DEALINGS:
        holdings = Holding.objects.everything(because=because).filter(customer_id=customer_id)
        keys |= {(ErasedKey.What.HOLDING, key) for key in holdings.values_list("key", flat=True)}
    if not keys:
        return 0
    salt, today = _salt(), dates.today()
    rows = [
        ErasedKey(what=what, retention_class=retention_class, digest=digest(salt, key), erased_on=today)
        for what, key in sorted(keys)
    ]
    return len(ErasedKey.objects.bulk_create(rows, ignore_conflicts=True))


def digest(salt: str, key: str) -> str:
    """What stays of a key: SHA-256 of the bank's salt and the key, in hexadecimal."""
    return hashlib.sha256(f"{salt}{key}".encode()).hexdigest()


def _salt() -> str:
    """The bank's own salt, made when it is first needed. Inside a transaction."""
    setting = BankSetting.objects.select_for_update().get(id=1)  # keys come with loads, and the first load makes it
    if not setting.erasure_salt:
        setting.erasure_salt = secrets.token_hex(16)
        setting.save(update_fields=["erasure_salt"])
    return str(setting.erasure_salt)


def clean_landed(*, but: int = 0) -> int:
    """Takes what was erased since the last time out of all landed files that can be in force; answers the rows.

    `but`: a load whose files are in other hands. To be called with the lock on loading. Waits for a backup that reads
    the files. Each file is put in place of the old one whole, and what no row names goes: broken off anywhere, the next
    call does the rest. The next load builds anew what hung on them.
    """
    waiting = ErasedKey.objects.filter(cleaned_at=None)
    taken = list(waiting.values_list("pk", flat=True))
    if not taken:
        return 0
    paths = LakePaths(settings.LAKE_ROOT)
    rows = 0
    known = Q(is_effective=True) | Q(load__state__in=LIVING)
    files = LoadFile.objects.filter(known).exclude(load_id=but).order_by("pk")
    with closing(connect(temp=paths.temp)) as lake, _nobody_reads():
        forgotten = Forgotten.of(waiting, lake, paths)
        folders = set()
        for row in files.iterator():
            landed = LandedFile.from_json(row.landed)
            folders.add(paths.landed(landed.feed, landed.business_date, landed.load_id))
            kept, gone = forgotten.left_out(landed)
            if gone:
                rows += gone
                row.landed = kept.to_json()
                row.save(update_fields=["landed"])
        _remove_unnamed(paths, folders)
    ErasedKey.objects.filter(pk__in=taken).update(cleaned_at=dates.now())
    return rows


def _remove_unnamed(paths: LakePaths, folders: Iterable[Path]) -> None:
    """Parts in these folders that no file of a load is made of: what was put aside, now or in a call that broke off."""
    named = set()
    for content in LoadFile.objects.values_list("landed", flat=True).iterator():
        landed = LandedFile.from_json(content)
        named |= {paths.root / one for one in (*(part.path for part in landed.parts), landed.rejects) if one}
    for folder in folders:
        for path in set(folder.rglob("*.parquet")) - named:
            path.unlink(missing_ok=True)


def returned(landed: Iterable[LandedFile], lake: duckdb.DuckDBPyConnection, paths: LakePaths) -> int:
    """Lets those be customers again who opened something after they were erased; answers how many keys.

    An upstream system may keep a customer's number for life. What was closed stays out by the holdings' own digests.
    """
    known = ErasedKey.objects.filter(what=ErasedKey.What.CUSTOMER)
    if not known.exists():
        return 0
    forgotten = Forgotten.of(known, lake, paths)
    back = {one for file in landed if file.feed in OPENING for one in forgotten.opened_since(file)}
    if back:
        known.filter(digest__in=back).delete()
    return len(back)


def leave_out(landed: LandedFile, lake: duckdb.DuckDBPyConnection, paths: LakePaths) -> tuple[LandedFile, int]:
    """A file that was just landed, without rows of what was erased before; and how many those were."""
    known = ErasedKey.objects.filter(retention_class=FEED_CLASSES.get(landed.feed, ""))
    if not known.exists():
        return landed, 0
    kept, gone = Forgotten.of(known, lake, paths).left_out(landed)
    standing = {part.path for part in kept.parts}
    for part in landed.parts:
        if part.path not in standing:
            (paths.root / part.path).unlink(missing_ok=True)
    return kept, gone


class Forgotten:
    """Erased keys, laid ready in a connection to the lake."""

    def __init__(self, lake: duckdb.DuckDBPyConnection, paths: LakePaths, salt: str) -> None:
        """Use `of`."""
        self.lake, self.paths, self.salt = lake, paths, salt

    @classmethod
    def of(cls, keys: "QuerySet[ErasedKey]", lake: duckdb.DuckDBPyConnection, paths: LakePaths) -> "Forgotten":
        """Copies the digests into a table of the connection."""
        lake.execute(
            "CREATE OR REPLACE TEMP TABLE erased_key (what VARCHAR, class VARCHAR, digest VARCHAR, erased_on DATE)"
        )
        rows = list(keys.values_list("what", "retention_class", "digest", "erased_on"))
        for start in range(0, len(rows), 10_000):
            piece = rows[start : start + 10_000]
            marks = ", ".join(["(?, ?, ?, ?)"] * len(piece))
            lake.execute(f"INSERT INTO erased_key VALUES {marks}", [value for row in piece for value in row])
        return cls(lake, paths, BankSetting.objects.get(id=1).erasure_salt)

    def left_out(self, landed: LandedFile) -> tuple[LandedFile, int]:
        """The file with the parts that remain, and how many rows were left out. The old parts still stand."""
        retention_class = FEED_CLASSES.get(landed.feed)
        if retention_class is None:
            return landed, 0
        parts, gone = [], 0
        for part in landed.parts:
            kept = self._part(part, retention_class)
            gone += part.rows - kept.rows
            parts.append(kept)
        return (replace(landed, parts=tuple(parts)), gone) if gone else (landed, 0)

    def opened_since(self, landed: LandedFile) -> set[str]:
        """Digests of erased customers for whom the file says that something was opened after the erasing."""
        found: set[str] = set()
        for part in landed.parts:
            path = self.paths.root / part.path
            rows = self.lake.execute(
                "SELECT DISTINCT e.digest FROM ("
                "SELECT source_system || '/' || customer_id AS key, max(opened_on) AS day "
                f"FROM read_parquet({literal(str(path))}, hive_partitioning = false) GROUP BY 1) k "
                f"JOIN erased_key e ON e.digest = sha256({literal(self.salt)} || k.key) WHERE k.day > e.erased_on"
            ).fetchall()
            found |= {str(row[0]) for row in rows}
        return found

    def _part(self, part: Part, retention_class: str) -> Part:
        path = self.paths.root / part.path
        if not path.exists() or not part.rows:
            return part
        source = f"read_parquet({literal(str(path))}, hive_partitioning = false)"
        names = {str(row[0]) for row in self.lake.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        conditions = list(self._conditions(source, names, retention_class))
        if not conditions:
            return part
        is_gone = " OR ".join(conditions)
        counted = self.lake.execute(f"SELECT count(*) FROM {source} WHERE {is_gone}").fetchone()
        if not counted or not counted[0]:
            return part
        target = path.with_name(f"{path.stem.partition('~')[0]}~{secrets.token_hex(4)}.parquet")
        rows = write_part(self.lake, f"SELECT * FROM {source} WHERE NOT coalesce({is_gone}, false)", target)
        return Part(self.paths.relative(target), part.month, rows, sha256_of(target))

    def _conditions(self, source: str, names: Iterable[str], retention_class: str) -> Iterator[str]:
        """For each key column of a file that names something erased: the condition that finds those rows.

        Each key is digested once, not once a row.
        """
        for what, columns in ((ErasedKey.What.CUSTOMER, CUSTOMER_COLUMNS), (ErasedKey.What.HOLDING, HOLDING_COLUMNS)):
            for column in columns:
                if column not in names:
                    continue
                key = f"source_system || '/' || {name(column)}"
                found = self.lake.execute(
                    f"SELECT k.key FROM (SELECT DISTINCT {key} AS key FROM {source}) k "
                    f"JOIN erased_key e ON e.digest = sha256({literal(self.salt)} || k.key) "
                    "WHERE e.what = ? AND e.class = ?",
                    [str(what), retention_class],
                ).fetchall()
                if found:
                    yield f"coalesce({key} IN ({', '.join(literal(str(row[0])) for row in found)}), false)"


@contextmanager
def _nobody_reads() -> Iterator[None]:
    """No backup reads old files while the block runs. Asks again and again: waiting would end with `lock_timeout`."""
    with postgres.cursor() as cursor:
        while True:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if cursor.fetchone()[0]:
                break
            sleep(ASK_AGAIN)
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
