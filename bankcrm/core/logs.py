"""The logs: one JSON object a line, with the request's id and route, and without personal data.

What a program says of an error may hold whatever it was working on: a name, a number, a row of the database. So the
text of an exception is never written: its type is, where it was raised, and a fingerprint by which like errors are
known as such. Of a log message, the template stands as it is written in the source; what is filled in is masked.
"""

import hashlib
import json
import logging
import os
import re
import traceback
from datetime import UTC, datetime
from typing import Any

from bankcrm.core import context

MASK = "…"
LONGEST = 500
FRAMES = 12
LONGEST_NUMBER = 4  # digits: a year, a port, a status; a longer run may be part of anybody's number
DIGITS = re.compile(rf"\d[\d\s-]{{{LONGEST_NUMBER - 1},}}\d[Xx]?|\d{{{LONGEST_NUMBER + 1},}}[Xx]?")
MAIL = re.compile(r"[^\s@<>'\"]+@[^\s@<>'\"]+")
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff·]+")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|“[^”]*”|\([^()]*\)=\([^()]*\)")
PLAIN = re.compile(r"[a-z_.:/<>-]{1,80}")  # with digits it may be somebody's name in a messenger
HANDED_ON = ("route", "status", "milliseconds", "queries", "method", "user", "sql", "job", "bytes")
"""What our own code adds to a record as `extra`: of bounded values, none personal."""


def masked(text: str) -> str:
    """The text without what could be anybody's: quoted values, mail addresses, Chinese words, long numbers."""
    for pattern in (QUOTED, MAIL, CJK, DIGITS):
        text = pattern.sub(MASK, text)
    return text[:LONGEST]


def filled_in(value: Any) -> Any:
    """A value that a message is filled in with: short numbers and plain words of the program, nothing else."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if abs(value) < 10**LONGEST_NUMBER or isinstance(value, float) else masked(str(value))
    text = masked(str(value)) if not isinstance(value, BaseException) else type(value).__name__
    return text if PLAIN.fullmatch(text.replace(MASK, "")) or isinstance(value, BaseException) else MASK


def message_of(record: logging.LogRecord) -> str:
    """What is said, masked. A record without arguments may have been filled in before it came here."""
    template = str(record.msg)
    if isinstance(record.msg, BaseException):
        return type(record.msg).__name__
    if not record.args:
        return masked(template)
    given = record.args
    try:
        if isinstance(given, dict):
            return template % {name: filled_in(value) for name, value in given.items()}
        return template % tuple(filled_in(value) for value in given)
    except (TypeError, ValueError):  # a template for numbers got a mask
        return masked(re.sub(r"%[^\s%]*[a-zA-Z]", MASK, template))


def error_of(error: BaseException) -> dict[str, Any]:
    """An exception without its text: types, places, and of a database error what names no value."""
    chain: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(chain) < 5:
        chain.append(type(seen).__name__)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    told: dict[str, Any] = {"type": chain[0], "at": places}
    if chain[1:]:
        told["because"] = chain[1:]
    told["fingerprint"] = hashlib.sha256("\n".join([*chain, *places]).encode()).hexdigest()[:12]
    if isinstance(error, OSError) and error.errno is not None:
        told["errno"] = error.errno
    return told | _of_database(error)


def _of_database(error: BaseException) -> dict[str, Any]:
    """Names of the schema, which are ours. The primary message, the detail and the statement hold values."""
    diagnostics = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    if diagnostics is None:
        return {}
    names = ("sqlstate", "table_name", "column_name", "constraint_name")
    return {name: found for name in names if (found := getattr(diagnostics, name, None))}


def _short(path: str) -> str:
    """From our package, or from the library's name on: where the product is installed does not matter."""
    for mark in ("/site-packages/", "/lib/python", "/bankcrm/bankcrm/"):
        if mark in path:
            return path.rsplit(mark, 1)[1]
    marked = path.rfind("bankcrm/")
    return path[marked:] if marked >= 0 else path.rsplit("/", 1)[-1]


class Record:
    """What a line tells, in the order in which it is written."""

    def __init__(self, record: logging.LogRecord) -> None:
        serving = context.current()
        moment = datetime.fromtimestamp(record.created, UTC)
        self.told: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "pid": os.getpid(),
        }
        if serving is not None:
            self.told["request"] = serving.request_id
            if serving.scope is not None and serving.scope.user_id is not None:
                self.told["user"] = serving.scope.user_id
        for name in HANDED_ON:
            if (value := record.__dict__.get(name)) is not None:
                self.told[name] = value
        if record.exc_info and record.exc_info[1] is not None:
            self.told["error"] = error_of(record.exc_info[1])


class JsonFormatter(logging.Formatter):
    """A JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        return json.dumps(Record(record).told, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """The same for people at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, and the places of an error below it."""
        told = Record(record).told
        error = told.pop("error", None)
        head = " ".join(str(told.pop(name)) for name in ("time", "level", "logger", "message"))
        line = " ".join([head, *(f"{name}={value}" for name, value in told.items() if name != "pid")])
        if error is None:
            return line
        rest = {name: value for name, value in error.items() if name != "at"}
        return "\n".join([line, f"  {rest}", *(f"  {place}" for place in error["at"])])


def formatter() -> str:
    """The class that BANKCRM_LOG_FORMAT names: `json`, else `text`."""
    return f"{__name__}.{'JsonFormatter' if os.environ.get('BANKCRM_LOG_FORMAT') == 'json' else 'TextFormatter'}"
