"""The place where matching plugs into a load: source customers in, the map source customer → customer out.

The identity app stands above this one and registers its rule; a load without a matcher refuses to run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class MatchInput:
    """What a matcher works on.

    `lake` has the tables `party`, `src_identity_document`, `ref_name`, `ref_source_rank` and `known_map(source_key,
    customer_id)`, the map as PostgreSQL has it now, and `staff_document(customer_id, kind, name, document_type,
    document_number)`, what staff have added by hand; `allocate(n)` takes n unused customer keys, for good.
    """

    lake: duckdb.DuckDBPyConnection
    allocate: Callable[[int], list[int]]
    out: Path


@dataclass(frozen=True)
class MatchResult:
    """`map_path` is a Parquet file (source_key, customer_id) of every source customer ever seen, `joined` how many
    new source customers went to a customer that was there already, `created` how many customers are new."""

    map_path: Path
    joined: int
    created: int


Matcher = Callable[[MatchInput], MatchResult]
_matchers: list[Matcher] = []


class NoMatcher(RuntimeError):  # noqa: N818 - says what is the matter
    """No app has registered a matcher."""


def register_matcher(matcher: Matcher) -> None:
    """Sets the matcher; the last one registered counts."""
    _matchers[:] = [matcher]


def match(data: MatchInput) -> MatchResult:
    """Runs the registered matcher. Raises NoMatcher."""
    if not _matchers:
        raise NoMatcher
    return _matchers[0](data)
