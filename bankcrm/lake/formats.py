"""How a delivered file is written, and making it plain: decompressed, in UTF-8, its header read.

DuckDB decodes GB18030 only in part (the four-byte characters of rare names are refused, measured with 1.5.5), and a
torn .gz must be noticed before anything is parsed. So both are undone here, in pieces, by Python's own codecs.
"""

import codecs
import csv
import gzip
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bankcrm.lake.delivered import CSV, PARQUET, DeliveredFile, DeliveryError, Fault, FileFormat

CHUNK = 4 * 1024 * 1024
# GBK and GB2312 are parts of GB18030: one decoder reads all three.
ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "gb18030": "gb18030", "gbk": "gb18030", "gb2312": "gb18030"}
NAMED_DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
# Blanks that may stand at both ends of a value: space, tab, no-break space, full-width space.
BLANKS = " \t\u00a0\u3000"
HEADER_LIMIT = 1024 * 1024
INFLATED, INFLATED_FROM = 300, 256 * 1024 * 1024
"""An archive that unpacks to so many times its size, once that is more than so many bytes, would fill the disk. Rows of
a bank compress to a tenth, to a hundredth where nearly all are alike."""
FORMAT_KEYS = {"type", "delimiter", "quote", "header", "encoding", "columns"}


def type_of(name: str) -> str:
    """`parquet` or `csv`, by the ending of the file name."""
    return PARQUET if name.lower().endswith(".parquet") else CSV


def parse_format(values: Mapping[str, Any], file: str) -> FileFormat:
    """A format out of manifest, `.ok` or mapping keys. Raises DeliveryError `bad_format` naming the key."""
    for key in values:
        if key not in FORMAT_KEYS:
            raise _bad_format(file, key, values[key])
    kind = values.get("type", type_of(file))
    if kind not in (CSV, PARQUET):
        raise _bad_format(file, "type", kind)
    quote = values.get("quote", '"')
    if not isinstance(quote, str) or len(quote) > 1:
        raise _bad_format(file, "quote", quote)
    columns = values.get("columns", ())
    if isinstance(columns, str):
        columns = [name.strip() for name in columns.split(",")]
    header = _boolean(values.get("header", not columns), file)
    if not header and kind == CSV and not columns:
        raise _bad_format(file, "columns", "")
    delimiter = parse_delimiter(values.get("delimiter", ","), file)
    return FileFormat(
        kind, delimiter, quote, header, parse_encoding(values.get("encoding", "utf-8"), file), tuple(columns)
    )


def parse_delimiter(value: object, file: str) -> str:
    """A delimiter: the characters themselves, `0x1F`-like codes, or a name such as `tab`."""
    if not isinstance(value, str) or not value:
        raise _bad_format(file, "delimiter", value)
    if value.lower().startswith("0x"):
        try:
            return bytes.fromhex(value[2:]).decode("ascii")
        except ValueError as error:
            raise _bad_format(file, "delimiter", value) from error
    delimiter = NAMED_DELIMITERS.get(value.lower(), value)
    if "\n" in delimiter or "\r" in delimiter or "\0" in delimiter:
        raise _bad_format(file, "delimiter", value)
    return delimiter


def parse_encoding(value: object, file: str) -> str:
    """`utf-8` or `gb18030`; anything else is refused, nothing is guessed."""
    encoding = ENCODINGS.get(str(value).lower())
    if encoding is None:
        raise _bad_format(file, "encoding", value)
    return encoding


def _boolean(value: object, file: str) -> bool:
    text = str(value).lower()
    if text not in ("true", "false"):
        raise _bad_format(file, "header", value)
    return text == "true"


def _bad_format(file: str, key: str, value: object) -> DeliveryError:
    return DeliveryError(Fault("bad_format", file, {"key": key, "value": str(value)}))


@dataclass(frozen=True)
class Plain:
    """A text file made plain. `raw` is decompressed and in its own encoding; `utf8` is None where it did not decode."""

    raw: Path
    utf8: Path | None
    names: tuple[str, ...]  # column names in file order, lower case; an empty one is skipped
    header_lines: int  # physical lines that the header takes
    is_odd: bool  # NULs, CRs that end no line, a quote that never closes: only the splitter can tell where
    delimiters: int  # how many there are in `utf8`
    blanks: str  # those of BLANKS that it holds
    is_spaced: bool  # spaces stand before a quote that opens a field, perhaps: to DuckDB it is a letter, at times


def make_plain(file: DeliveredFile, temp: Path) -> Plain:
    """Decompresses and decodes a text file into `temp` where it needs to be, and reads its header.

    Raises DeliveryError: `torn_archive`, `inflated_archive`, `empty_file`, `bad_header`, `repeated_column` or
    `unreadable`.
    """
    try:
        raw = _decompressed(file, temp)
    except OSError as error:
        raise DeliveryError(Fault("unreadable", file.name, {"why": str(error)})) from error
    names, header_lines = _names(file, raw)
    utf8 = _decoded(file, raw, temp)
    is_odd, delimiters, blanks, is_spaced = _scan(utf8, file.format) if utf8 else (True, 0, BLANKS, False)
    return Plain(raw, utf8, names, header_lines, is_odd, delimiters, blanks, is_spaced)


def _scan(path: Path, form: FileFormat) -> tuple[bool, int, str, bool]:
    """Whether a file is odd, its delimiters, the blanks that it holds, and whether it is spaced, in one pass."""
    wanted, delimiters = form.delimiter.encode(), 0
    quote, quotes = form.quote.encode(), 0
    missing = {blank: blank.encode() for blank in BLANKS}
    spaced = re.compile(b"(?m)(?:^|" + re.escape(wanted) + b") +" + re.escape(quote)) if quote else None
    is_spaced = False
    with path.open("rb") as handle:
        # Pieces end with a line, so that neither a line end nor a delimiter is cut in two.
        while chunk := handle.read(CHUNK) + handle.readline(CHUNK):
            delimiters += chunk.count(wanted)
            quotes += chunk.count(quote) if quote else 0
            if b"\0" in chunk or (b"\r" in chunk and chunk.count(b"\r") != chunk.count(b"\r\n")):
                return True, delimiters, BLANKS, is_spaced
            if spaced and not is_spaced and b" " + quote in chunk:
                is_spaced = spaced.search(chunk) is not None
            # The first byte alone is found ten times faster, and in most pieces it is not there.
            missing = {blank: code for blank, code in missing.items() if not (code[:1] in chunk and code in chunk)}
    return quotes % 2 == 1, delimiters, "".join(blank for blank in BLANKS if blank not in missing), is_spaced


def _decompressed(file: DeliveredFile, temp: Path) -> Path:
    with file.path.open("rb") as handle:
        if handle.read(2) != b"\x1f\x8b":
            return file.path
    target = temp / f"{file.number}.raw"
    try:
        with gzip.open(file.path, "rb") as source, target.open("wb") as sink:
            while chunk := source.read(CHUNK):
                sink.write(chunk)
                if sink.tell() > max(INFLATED_FROM, INFLATED * file.size):
                    raise DeliveryError(Fault("inflated_archive", file.name, {"times": str(INFLATED)}))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DeliveryError(Fault("torn_archive", file.name, {"why": str(error)})) from error
    return target


def _decoded(file: DeliveredFile, raw: Path, temp: Path) -> Path | None:
    if file.format.encoding == "utf-8":
        return raw
    target = temp / f"{file.number}.utf8"
    decoder = codecs.getincrementaldecoder(file.format.encoding)(errors="strict")
    try:
        with raw.open("rb") as source, target.open("wb") as sink:
            while chunk := source.read(CHUNK):
                sink.write(decoder.decode(chunk).encode("utf-8"))
            decoder.decode(b"", final=True)
    except UnicodeError:
        target.unlink(missing_ok=True)
        return None
    return target


def _names(file: DeliveredFile, raw: Path) -> tuple[tuple[str, ...], int]:
    with raw.open("rb") as handle:
        if not file.format.header:
            return tuple(name.lower() for name in file.format.columns), 0
        line, lines = _first_line(handle)
    if not line:
        raise DeliveryError(Fault("empty_file", file.name))
    names = tuple(name.strip().lower() for name in _split_header(file, line))
    given = [name for name in names if name]
    for name in given:
        if given.count(name) > 1:
            raise DeliveryError(Fault("repeated_column", file.name, {"column": name}))
    return names, lines


def _first_line(handle: IO[bytes]) -> tuple[bytes, int]:
    """The first line that is not blank, and how many lines it took to get past it."""
    lines = 0
    while line := handle.readline(HEADER_LIMIT):
        lines += 1
        if line.removeprefix(codecs.BOM_UTF8).strip(b"\r\n"):
            return line.removeprefix(codecs.BOM_UTF8), lines
    return b"", lines


def _split_header(file: DeliveredFile, line: bytes) -> list[str]:
    try:
        text = line.decode(file.format.encoding).rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise DeliveryError(Fault("bad_header", file.name, {"why": "encoding"})) from error
    names = text.split(file.format.delimiter)
    if not file.format.quote:
        return names
    return [next(csv.reader([name], quotechar=file.format.quote), [""])[0] if name.strip() else "" for name in names]
