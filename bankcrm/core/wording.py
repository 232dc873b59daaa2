"""Words put together as the page's language does."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(parts: Iterable[object]) -> str:
    """The parts one after another: "a, b" in English, "a、b" in Chinese."""
    return _(", ").join(map(str, parts))
