"""What staff changed of that which a feed delivers, and when the feed wins again.

As with corrections of customers: a change remembers what the feed said at that time. It stays while the feed says the
same, and ends when the feed says something new, or the same as staff. Pure functions over the memory, a dictionary
of field -> what the feed said (as JSON).
"""

from collections.abc import Mapping
from typing import Any

Memory = dict[str, Any]


def remember(memory: Mapping[str, Any] | None, before: Mapping[str, Any], after: Mapping[str, Any]) -> Memory | None:
    """The memory after staff changed `before` to `after`; a field that is back at the feed's value is forgotten."""
    kept = dict(memory or {})
    for name, value in after.items():
        if name not in kept and before[name] != value:
            kept[name] = before[name]
        elif name in kept and kept[name] == value:
            del kept[name]
    return kept or None


def settle(
    memory: Mapping[str, Any] | None, held: Mapping[str, Any], delivered: Mapping[str, Any]
) -> tuple[dict[str, Any], Memory | None]:
    """What holds after a load, by field, and the memory that is left. `held` is what stands there now."""
    kept, values = dict(memory or {}), dict(delivered)
    for name in set(kept) & set(delivered):
        if delivered[name] == kept[name] and delivered[name] != held[name]:
            values[name] = held[name]
        else:
            del kept[name]
    return values, kept or None
