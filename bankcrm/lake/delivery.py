"""Reading a delivery: which files are there, complete, and what they say they hold.

A delivery is a folder named by its business date, with a `manifest.json`, or with a `.ok` beside each file (the way of
banks' file gateways: the flag is written last, so a file without one is still on its way).
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bankcrm.lake.delivered import (
    DAILY,
    DELTA,
    FULL,
    HISTORY,
    DeliveredFile,
    Delivery,
    DeliveryError,
    Fault,
)
from bankcrm.lake.formats import FORMAT_KEYS, parse_format
from bankcrm.lake.store import sha256_of

MANIFEST = "manifest.json"
FLAG = ".ok"
ENDINGS = (".csv", ".csv.gz", ".txt", ".txt.gz", ".dat", ".dat.gz", ".parquet")
FILE_KEYS = {"file", "feed", "source_system", "scope", "rows", "sha256", "totals", "format", "may_shrink"}
FLAG_KEYS = (FILE_KEYS | FORMAT_KEYS) - {"file", "feed", "totals", "format"}


def read_delivery(folder: Path, *, known: Collection[str]) -> Delivery:
    """What a folder delivers. `known` are the names of the contract's feeds.

    Takes every file's fingerprint. Whatever is wrong with single files stands in `faults`; DeliveryError is raised
    where the folder is no delivery at all: `no_delivery`, `bad_manifest`, `bad_business_date`.
    """
    if not folder.is_dir():
        raise DeliveryError(Fault("no_delivery", str(folder)))
    if (folder / MANIFEST).is_file():
        return _by_manifest(folder, known)
    return _by_flags(folder, known)


def _by_manifest(folder: Path, known: Collection[str]) -> Delivery:
    content = _manifest(folder)
    business_date = _business_date(content.get("business_date"), MANIFEST)
    mode = content.get("mode", DAILY)
    if mode not in (DAILY, HISTORY):
        raise _bad_manifest("mode", mode)
    entries = content.get("files")
    if not isinstance(entries, list) or not entries:
        raise _bad_manifest("files", entries)
    faults = [*_date_faults(folder, business_date)]
    files: list[DeliveredFile] = []
    for number, entry in enumerate(entries):
        try:
            files.append(_entry(folder, entry, number, business_date, known))
        except DeliveryError as error:
            faults.append(error.fault)
    faults += _repeated(files)
    faults += _unlisted(folder, entries)
    return Delivery(folder, business_date, mode, str(content.get("base_currency", "")), tuple(files), tuple(faults))


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DeliveryError(Fault("unreadable", MANIFEST, {"why": str(error)})) from error
    if not isinstance(content, dict):
        raise _bad_manifest("", "")
    return content


def _bad_manifest(key: str, value: object) -> DeliveryError:
    return DeliveryError(Fault("bad_manifest", MANIFEST, {"key": key, "value": str(value)}))


def _business_date(value: object, file: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise DeliveryError(Fault("bad_business_date", file, {"value": str(value)})) from error


def _date_faults(folder: Path, business_date: date) -> Iterable[Fault]:
    """A folder that is named by a date must be of that date."""
    try:
        named = date.fromisoformat(folder.name)
    except ValueError:
        return
    if named != business_date:
        yield Fault("date_mismatch", MANIFEST, {"folder": folder.name, "manifest": business_date.isoformat()})


def _entry(folder: Path, entry: object, number: int, business_date: date, known: Collection[str]) -> DeliveredFile:
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
        raise _bad_manifest(f"files[{number}]", entry)
    name = entry["file"]
    for key in entry:
        if key not in FILE_KEYS:
            raise DeliveryError(Fault("bad_entry", name, {"key": key, "value": str(entry[key])}))
    if entry.get("feed") not in known:
        raise DeliveryError(Fault("unknown_feed", name, {"feed": str(entry.get("feed"))}))
    return _delivered(folder, name, str(entry["feed"]), number, business_date, entry, entry.get("format") or {})


def _delivered(
    folder: Path,
    name: str,
    feed: str,
    number: int,
    business_date: date,
    values: Mapping[str, Any],
    form: Mapping[str, Any],
) -> DeliveredFile:
    path = _inside(folder, name)
    scope = values.get("scope", FULL)
    if scope not in (FULL, DELTA):
        raise DeliveryError(Fault("bad_entry", name, {"key": "scope", "value": str(scope)}))
    parsed = parse_format(form, name)
    found = path.stat()
    fingerprint = sha256_of(path)
    announced = str(values.get("sha256") or fingerprint).lower()
    if announced != fingerprint:
        raise DeliveryError(Fault("wrong_hash", name, {"announced": announced, "found": fingerprint}))
    return DeliveredFile(
        path=path,
        name=name,
        feed=feed,
        scope=scope,
        business_date=business_date,
        sha256=fingerprint,
        number=number,
        source_system=str(values.get("source_system") or ""),
        rows=_rows(values.get("rows"), name),
        totals=_totals(values.get("totals"), name),
        format=parsed,
        size=found.st_size,
        modified_ns=found.st_mtime_ns,
        may_shrink=_yes(values.get("may_shrink", False), name),
    )


def _inside(folder: Path, name: str) -> Path:
    """The file, which must lie in the folder: a manifest must not make us read anything else."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DeliveryError(Fault("outside_folder", name))
    if not path.is_file():
        raise DeliveryError(Fault("missing_file", name))
    return path


def _rows(value: object, name: str) -> int | None:
    if value is None:
        return None
    text = str(value)
    if not text.isascii() or not text.isdigit():
        raise DeliveryError(Fault("bad_entry", name, {"key": "rows", "value": text}))
    return int(text)


def _yes(value: object, name: str) -> bool:
    """`true` of a manifest, or the same word in a flag file."""
    text = str(value).lower()
    if text not in ("true", "false"):
        raise DeliveryError(Fault("bad_entry", name, {"key": "may_shrink", "value": text}))
    return text == "true"


def _totals(value: object, name: str) -> Mapping[str, Decimal] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise DeliveryError(Fault("bad_entry", name, {"key": "totals", "value": str(value)}))
    totals = {}
    for key, total in value.items():
        try:
            totals[str(key)] = Decimal(str(total))
        except InvalidOperation as error:
            raise DeliveryError(Fault("bad_entry", name, {"key": f"totals.{key}", "value": str(total)})) from error
    return totals


def _repeated(files: list[DeliveredFile]) -> Iterable[Fault]:
    """The same content twice for one feed would be loaded twice."""
    seen: dict[tuple[str, str], str] = {}
    for file in files:
        first = seen.setdefault((file.feed, file.sha256), file.name)
        if first != file.name or sum(other.name == file.name for other in files) > 1:
            yield Fault("repeated_file", file.name, {"first": first})


def _unlisted(folder: Path, entries: list[Any]) -> Iterable[Fault]:
    """Files that look like data and that the manifest does not name: probably forgotten."""
    listed = {str(entry.get("file")) for entry in entries if isinstance(entry, dict)}
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.lower().endswith(ENDINGS) and path.name not in listed:
            yield Fault("unlisted_file", path.name, severity="warning")


def _by_flags(folder: Path, known: Collection[str]) -> Delivery:
    business_date = _business_date(folder.name, folder.name)
    faults: list[Fault] = []
    files: list[DeliveredFile] = []
    waiting: list[str] = []
    found = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name.lower().endswith(ENDINGS)]
    for path in found:
        flag = path.with_name(path.name + FLAG)
        if not flag.is_file():
            waiting.append(path.name)
            continue
        try:
            files.append(_flagged(folder, path, flag, len(files), business_date, known))
        except DeliveryError as error:
            faults.append(error.fault)
    if not files and not faults:
        raise DeliveryError(Fault("no_delivery", folder.name, {"waiting": ", ".join(waiting)}))
    faults += _repeated(files)
    return Delivery(folder, business_date, DAILY, "", tuple(files), tuple(faults), tuple(waiting))


def _flagged(
    folder: Path, path: Path, flag: Path, number: int, business_date: date, known: Collection[str]
) -> DeliveredFile:
    feed = feed_of(path.name, known)
    if not feed:
        raise DeliveryError(Fault("unknown_feed", path.name, {"feed": path.name.split(".")[0]}))
    values: dict[str, Any] = {}
    for line in flag.read_text(encoding="utf-8-sig").splitlines():
        key, separator, value = (piece.strip() for piece in line.partition("="))
        if not key and not separator:
            continue
        if key.startswith("total."):
            values.setdefault("totals", {})[key.removeprefix("total.")] = value
        elif key in FLAG_KEYS and separator:
            values[key] = value
        else:
            raise DeliveryError(Fault("bad_entry", flag.name, {"key": key, "value": value}))
    form = {key: value for key, value in values.items() if key in FORMAT_KEYS}
    return _delivered(folder, path.name, feed, number, business_date, values, form)


def feed_of(file: str, known: Collection[str]) -> str:
    """The feed of `<feed>[_<anything>].<ending>`: the longest name that fits; empty where none does."""
    stem = file.split(".")[0]
    fitting = [feed for feed in known if stem == feed or stem.startswith(f"{feed}_")]
    return max(fitting, key=len, default="")
