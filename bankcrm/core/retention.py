"""How long what the bank keeps of a person is kept, by class, and how it is taken away after that.

An app says for each of its tables about customers with which class its rows go (`erased_with`), which columns are
emptied in rows that must stay (`emptied_with`), or why the table stays as it is (`stays`).
`tests/repo/test_retention.py` finds a table of which nothing is said. How many years a class is kept is a parameter;
what is said here becomes one function of the database's owner (`function_sql`), so that no role may delete such rows
otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import models

from bankcrm.core.extensions import Label, Registry
from bankcrm.core.personal_data import leads_to_customer

SERVICE, EVIDENCE, DEALINGS, IDENTITY = "service", "evidence", "dealings", "identity"
FUNCTION = "core_erase"


class Basis(StrEnum):
    """From when the years of a class are counted."""

    RELATION_END = "relation_end"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """A class of data: the years it is kept unless the bank says otherwise, the least the law allows, and that law."""

    code: str
    label: Label
    years: int
    least: int
    basis: Basis
    law: Label
    holds: Label
    order: int = 100
    permission: str = ""


retention_classes: Registry[RetentionClass] = Registry("class of retention")


@dataclass(frozen=True, slots=True)
class Emptied:
    """Columns of rows that stay, with the SQL of what they hold from then on; `by` is the customer's column."""

    table: str
    columns: Mapping[str, str]
    by: str


@dataclass
class _Said:
    erased: dict[str, str] = field(default_factory=dict)  # table -> class
    emptied: list[tuple[str, Emptied]] = field(default_factory=list)
    stay: dict[str, str] = field(default_factory=dict)


SAID = _Said()


def erased_with(retention_class: str, *tables: str) -> None:
    """The rows of these models go with the class, and so does what hangs on them by a foreign key."""
    for table in tables:
        if SAID.erased.setdefault(table, retention_class) != retention_class:
            raise ValueError(f"{table} goes with two classes of retention")


def emptied_with(retention_class: str, table: str, *, by: str = "customer_id", **columns: str) -> None:
    """The rows of this model stay, with SQL expressions in place of what these columns held."""
    entry = (retention_class, Emptied(table, columns, by))
    if entry not in SAID.emptied:
        SAID.emptied.append(entry)


def stays(table: str, because: str) -> None:
    """Names a table about customers whose rows are not taken away, with the reason."""
    SAID.stay[table] = because


def named() -> frozenset[str]:
    """The labels of all tables of which something is said."""
    return frozenset(SAID.erased) | {one.table for _class, one in SAID.emptied} | frozenset(SAID.stay)


def due_on(counted_from: date, years: int) -> date:
    """The day on which a class may go: so many years after the day counted from, 29 February as 1 March."""
    try:
        return counted_from.replace(year=counted_from.year + years)
    except ValueError:
        return date(counted_from.year + years, 3, 1)


def function_sql(guard: str, owner_calls: str) -> str:
    """The function that takes one class of one customer's data away and answers the rows by table.

    `guard` is an SQL condition over `asked` and `wanted` without which it refuses (SQLSTATE 42501); `owner_calls` is
    the role that may call it. To be executed by the owner.
    """
    bodies = "\n".join(
        f"    IF wanted = '{one.code}' THEN\n{''.join(_all_steps(one.code))}    END IF;" for one in retention_classes
    )
    return f"""
CREATE OR REPLACE FUNCTION {FUNCTION}(asked bigint, wanted text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $erase$
DECLARE
    told jsonb := '{{}}';
    counted bigint;
BEGIN
    IF ({guard}) IS NOT TRUE THEN
        RAISE EXCEPTION 'nothing of this customer is due to be erased' USING ERRCODE = '42501';
    END IF;
{bodies}
    RETURN told;
END $erase$;
REVOKE ALL ON FUNCTION {FUNCTION}(bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {FUNCTION}(bigint, text) TO {owner_calls};
"""


def _all_steps(retention_class: str) -> Iterator[str]:
    """With the identity goes what was added to the other classes since these went."""
    if retention_class == IDENTITY:
        for one in retention_classes:
            if one.code != IDENTITY:
                yield from _steps(one.code)
    yield from _steps(retention_class)


def _steps(retention_class: str) -> Iterator[str]:
    for label in sorted(table for table, code in SAID.erased.items() if code == retention_class):
        model = apps.get_model(label)
        columns = [one.column for one in leads_to_customer(model)]
        if not columns:
            raise ValueError(f"{label} does not lead to a customer")
        yield from _deletes(model, " OR ".join(f"{column} = asked" for column in columns), set())
    # The customer first: what is kept beside it asks whether the customer is erased.
    for code, one in sorted(SAID.emptied, key=lambda entry: entry[1].table != "customers.Customer"):
        if code == retention_class:
            table = apps.get_model(one.table)._meta.db_table
            values = ", ".join(f"{column} = {sql}" for column, sql in one.columns.items())
            yield _counted(f"UPDATE {table} SET {values} WHERE {one.by} = asked", table)


def _deletes(model: type[models.Model], condition: str, seen: set[str]) -> Iterator[str]:
    """What hangs on the rows first: deleted where it cannot be without them, else let go of."""
    table, key = model._meta.db_table, _column(model._meta.pk)
    relations: list[Any] = model._meta.get_fields(include_hidden=True)
    for relation in relations:
        if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
            continue
        other = relation.related_model
        link = relation.field
        if other._meta.proxy or not other._meta.managed or other is model or other._meta.label in seen:
            continue
        hanging = f"{link.column} IN (SELECT {key} FROM {table} WHERE {condition})"
        if link.null:
            yield f"        UPDATE {other._meta.db_table} SET {link.column} = NULL WHERE {hanging};\n"
        else:
            yield from _deletes(other, hanging, seen | {model._meta.label})
    yield _counted(f"DELETE FROM {table} WHERE {condition}", table)


def _column(key: Any) -> str:
    return str(key.column)


def _counted(statement: str, table: str) -> str:
    return (
        f"        {statement};\n        GET DIAGNOSTICS counted = ROW_COUNT;\n"
        f"        IF counted > 0 THEN told := told || jsonb_build_object('{table}', "
        f"counted + coalesce((told ->> '{table}')::bigint, 0)); END IF;\n"
    )
