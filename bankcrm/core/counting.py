"""Counts that stand on every page, asked for in one statement instead of one each."""

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value


def counts_of(asked: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each of these has, by the names given; no statement where nothing is asked for."""
    parts = [
        rows.order_by().select_related(None).values(what=Value(name, CharField())).annotate(number=Count("pk"))
        for name, rows in asked.items()
    ]
    if not parts:
        return {}
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return dict.fromkeys(asked, 0) | {row["what"]: row["number"] for row in found}
