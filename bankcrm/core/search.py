"""What somebody may mean who types into the search box.

The needle decides the index (FINDINGS, Chinese search): digits go to numbers, Latin letters to pinyin and initials, one
Chinese character to the beginning of names, two and more to the pieces of names.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bankcrm.core import audit
from bankcrm.core.extensions import SearchHit, SearchSource, search_sources
from bankcrm.core.names import CHINESE, normalise
from bankcrm.core.scope import Scope

LONGEST = 60
LEAST_RECORDED = 2
NUMBER_SIGNS = re.compile(r"[\s\-—–()+]+")


class Kind(StrEnum):
    """How a needle is looked up."""

    EMPTY = "empty"
    DIGITS = "digits"
    LATIN = "latin"
    CHINESE_1 = "chinese_1"
    CHINESE_2PLUS = "chinese_2plus"
    MIXED = "mixed"  # letters and digits: a document or an account with letters in it


@dataclass(frozen=True, slots=True)
class Needle:
    """`text` as typed, without spaces around; `key` as names are compared; `number` as numbers are compared."""

    text: str
    kind: Kind
    key: str
    number: str


def classify(text: str) -> Needle:
    """Reads what was typed. Numbers may be grouped by spaces and hyphens, letters be full-width."""
    typed = text.strip()[:LONGEST]
    key = normalise(typed)
    number = NUMBER_SIGNS.sub("", key).upper()
    return Needle(typed, _kind(key, number), key, number)


def _kind(key: str, number: str) -> Kind:
    chinese = len(CHINESE.findall(key))
    if not key:
        return Kind.EMPTY
    if chinese:
        return Kind.CHINESE_1 if len(key) == 1 else Kind.CHINESE_2PLUS
    if number.isascii() and number.isdigit():
        return Kind.DIGITS
    if any(character.isdigit() for character in number):
        return Kind.MIXED
    return Kind.LATIN if key.isascii() else Kind.CHINESE_2PLUS


def search(scope: Scope, text: str, *, limit: int = 8) -> list[tuple[SearchSource, list[SearchHit]]]:
    """Asks every source that the scope may use; sources without a hit are left out."""
    needle = classify(text)
    if needle.kind is Kind.EMPTY:
        return []
    answers = [(source, source.find(scope, needle, limit)) for source in search_sources.visible(scope)]
    return [(source, hits) for source, hits in answers if hits]


def record_search(scope: Scope, text: str, found: int, customers: Iterable[int | None] = ()) -> None:
    """Writes into the audit that somebody searched, how much there was, and which customers were shown.

    The needle itself may be a number that the searcher must not have in plain: its kind and length are kept.
    """
    needle = classify(text)
    if len(needle.text) >= LEAST_RECORDED:
        detail: dict[str, Any] = {"kind": needle.kind.value, "length": len(needle.text), "found": found}
        if shown := sorted({pk for pk in customers if pk is not None}):
            detail["customers"] = shown
        audit.record("search", by=scope, object_type="search", detail=detail)
