"""What can be allowed. Apps register their permissions; roles (`org.roles`) are sets of them.

A permission is code and shows up in a diff; who holds which role is data.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing a role may do. `code` is `<subject>.<verb>`."""

    code: str
    label: Label
    writes: bool = False  # changes facts: an auditor never holds one


_registry: dict[str, Permission] = {}


def permission(code: str, label: Label, *, writes: bool = False) -> Permission:
    """Registers a permission. Raises ValueError when the code stands for another one already."""
    made = Permission(code, label, writes)
    known = _registry.setdefault(code, made)
    if known is not made and (str(known.label), known.writes) != (str(label), writes):
        raise ValueError(f"permission {code} is registered twice")
    return known


def permissions() -> dict[str, Permission]:
    """All registered permissions by code."""
    return dict(_registry)
