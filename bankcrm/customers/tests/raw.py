"""What SQL by hand shows the web role."""

from django.db import connection, transaction

from bankcrm.core.row_security import told


def ids_by_raw_sql(scope, table="customers_customer", column="id"):
    """The column of all rows of a table that a transaction shows which was told the scope, in order."""
    with transaction.atomic(), told(scope), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY 1")
        found = [value for (value,) in cursor.fetchall()]
        transaction.set_rollback(True)
    return found
