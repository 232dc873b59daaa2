"""Tables that are partitioned by month from their first migration: the audit, interactions.

A month's partition is made ahead of time by `core_ensure_months`, a function of the owner that the worker may call; a
row of a month without a partition goes to the DEFAULT one, so that nothing is ever refused. Months are cut at midnight
UTC, since a partition's bounds must not depend on the session's zone.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState

MONTHS_AHEAD = 3

FUNCTIONS = """
CREATE FUNCTION core_ensure_months(parent regclass, first_month date, months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    made integer := 0;
    starts timestamp;
    child text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_class WHERE oid = parent AND relkind = 'p'
                   AND relnamespace = 'public'::regnamespace) THEN
        RAISE EXCEPTION '% is not partitioned', parent;
    END IF;
    FOR step IN 0 .. least(months, 120) LOOP
        starts := date_trunc('month', first_month::timestamp) + make_interval(months => step);
        child := (SELECT relname FROM pg_class WHERE oid = parent) || to_char(starts, '_YYYY_MM');
        CONTINUE WHEN to_regclass(format('public.%I', child)) IS NOT NULL;
        BEGIN
            EXECUTE format('CREATE TABLE public.%I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', child, parent,
                           to_char(starts, 'YYYY-MM-DD"T00:00:00Z"'),
                           to_char(starts + interval '1 month', 'YYYY-MM-DD"T00:00:00Z"'));
            made := made + 1;
        EXCEPTION WHEN check_violation OR duplicate_table THEN
            NULL;  -- rows of that month lie in DEFAULT already and stay there, or another session was faster
        END;
    END LOOP;
    RETURN made;
END $$;
"""


class CreateMonthlyModel(CreateModel):
    """CreateModel for a table partitioned by the month of `partition_by`, with its sequence and its first months.

    The model has `CompositePrimaryKey(partition_by, "id")`, since a key of a partitioned table holds its partition key.
    """

    def __init__(self, *args: Any, partition_by: str, **kwargs: Any) -> None:
        self.partition_by = partition_by
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Keeps `partition_by` when Django writes the operation anew."""
        name, args, kwargs = super().deconstruct()
        return name, args, {**kwargs, "partition_by": self.partition_by}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Makes the sequence, the parent, the DEFAULT partition and the first months."""
        table = f"{app_label}_{self.name_lower}"
        schema_editor.execute(f"CREATE SEQUENCE {table}_id_seq AS bigint")
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f'{plain} PARTITION BY RANGE ("{self.partition_by}")'
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
        schema_editor.execute(f"ALTER SEQUENCE {table}_id_seq OWNED BY {table}.id")
        schema_editor.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
        schema_editor.execute(f"SELECT core_ensure_months('{table}', CURRENT_DATE, {MONTHS_AHEAD})")


def ensure_months(using: str = "default", *, ahead: int = MONTHS_AHEAD) -> int:
    """Makes missing partitions of all monthly tables from this month on; returns how many. Owner or worker."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(core_ensure_months(c.oid::regclass, CURRENT_DATE, %s)), 0) FROM pg_class c "
            "WHERE c.relkind = 'p' AND c.relnamespace = 'public'::regnamespace",
            [ahead],
        )
        row = cursor.fetchone()
    return int(row[0])
