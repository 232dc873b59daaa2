"""Words put together as the page's language does."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(parts: Iterable[object]) -> str:
    """The parts one after another: "a, b" in English, "a、b" in Chinese."""
    return _(", ").join(map(str, parts))


def clauses(parts: Iterable[object]) -> str:
    """Parts that are words of their own: "a; b" in English, "a；b" in Chinese. Empty ones are left out."""
    return _("; ").join(text for text in map(str, parts) if text)
