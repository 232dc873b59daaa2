"""What the bank keeps of a customer, told part by part: each app says what it keeps, so that nothing is forgotten.

An app registers a `PersonalPart` for each of its tables about customers (`of_model` makes one), or names the table in
`not_told` with the reason why a person is not shown it. `tests/repo/test_personal_data.py` finds one that is neither.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from bankcrm.core import audit, dates
from bankcrm.core.extensions import Label, Registry
from bankcrm.core.scope import Scope


@dataclass(frozen=True, slots=True)
class Told:
    """The rows of a part: `heads` are code and name of each column, `rows` plain values, `shown` the same in words."""

    heads: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]
    shown: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class PersonalPart:
    """A part of what is kept of a person. `collect(scope, customer)` reads all of it: the customer was read in scope.

    `tables` are the labels of the models that it tells of. Raises whatever its source raises: a file that lacks a part
    is none.
    """

    code: str
    label: Label
    tables: tuple[str, ...]
    collect: Callable[[Scope, Any], Told]
    permission: str = ""
    order: int = 100


personal_parts: Registry[PersonalPart] = Registry("part of personal data")
_not_told: dict[str, str] = {}


def not_told(table: str, because: str) -> None:
    """Names a table about customers that holds nothing to be shown to them, with the reason."""
    _not_told[table] = because


def named() -> frozenset[str]:
    """The labels of all tables that are told of, or named with a reason."""
    return frozenset(_not_told).union(*(part.tables for part in personal_parts))


def about_customers() -> dict[str, list[str]]:
    """Label -> fields of all tables that lead to a customer."""
    found = {model._meta.label: [one.name for one in leads_to_customer(model)] for model in apps.get_models()}
    return {label: fields for label, fields in found.items() if fields}


def leads_to_customer(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """The fields of a model that name a customer."""
    customer = apps.get_model("customers", "Customer")
    return [one for one in model._meta.concrete_fields if _leads_to(one, customer)]


def _leads_to(field: Any, customer: type[models.Model]) -> bool:
    return field.related_model is customer if field.is_relation else field.name == "customer_id"


def of_model(
    code: str,
    label: Label,
    table: str,
    *,
    by: str = "customer_id",
    leave_out: Collection[str] = (),
    order: int = 100,
    permission: str = "",
) -> PersonalPart:
    """A part that is the rows of one table, found by the field `by`.

    Keys, the bank's own staff and units' numbers are left out: they are the bank's, not the person's.
    """

    def collect(scope: Scope, customer: Any) -> Told:
        model = apps.get_model(table)
        fields = [one for one in model._meta.concrete_fields if _is_told(one, leave_out)]
        rows = list(_rows(model).filter(**{by: customer.pk}).order_by("pk"))
        heads = [(one.name, str(one.verbose_name)) for one in fields]
        return Told(
            heads,
            [[_plain(getattr(row, one.attname)) for one in fields] for row in rows],
            [[_words(row, one) for one in fields] for row in rows],
        )

    return PersonalPart(code, label, (table,), collect, permission, order)


def _rows(model: type[models.Model]) -> Any:
    manager: Any = model._default_manager
    if hasattr(manager, "everything"):
        return manager.everything(because="all that is kept of one customer, who was read within a scope")
    return manager.all()


BANKS_OWN = frozenset({settings.AUTH_USER_MODEL, "customers.Customer"})
INTERNAL = frozenset({"id", "key", "feed_key", "source_key", "unit_no", "build_id", "path", "sha256", "series"})


def _is_told(field: Any, leave_out: Collection[str]) -> bool:
    if field.name in INTERNAL or field.name in leave_out or isinstance(field, models.GeneratedField):
        return False
    if field.is_relation:
        return str(field.related_model._meta.label) not in BANKS_OWN
    return str(field.name) != "customer_id"


def _plain(value: Any) -> Any:
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):  # a range of days
        return {"from": _plain(value.lower), "to": _plain(value.upper)}
    return (audit.plain({"value": value}) or {})["value"]


def _words(row: models.Model, field: Any) -> str:
    if field.is_relation:
        other = getattr(row, field.name)
        return "" if other is None else str(getattr(other, "label", other))
    value = getattr(row, f"get_{field.name}_display")() if field.choices else getattr(row, field.attname)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, datetime):
        return f"{value.astimezone(dates.zone()):%Y-%m-%d %H:%M}"
    found = _plain(value)
    if found is None:
        return ""
    if isinstance(found, Mapping):
        return " · ".join(f"{name}: {part}" for name, part in found.items() if part not in (None, ""))
    return str(found)
