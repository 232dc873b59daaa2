"""The tables that lists and searches walk are vacuumed after each night's load, not once a fifth of their rows has changed.

Their indexes answer without the rows only where PostgreSQL knows a page to be seen by all; a night's changes take that
knowledge away, a tenth of a bank at a time, which the usual threshold of 20 % lets pass.
"""

from django.db import migrations

TABLES = (
    "customers_customer",
    "customers_customerfigures",
    "customers_customervisibility",
    "customers_searchkey",
    "customers_holding",
)
SOONER = "SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01)"
AS_USUAL = "RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor)"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0018_counts_know_the_line"),
    ]

    operations = [
        migrations.RunSQL(
            [f"ALTER TABLE {table} {SOONER}" for table in TABLES],
            [f"ALTER TABLE {table} {AS_USUAL}" for table in TABLES],
        )
    ]
