"""Tables with indexes that answer without the rows must be vacuumed soon after a load."""

import pytest
from django.db import connection

from bankcrm.customers.models import Customer, CustomerFigures, CustomerVisibility, Holding, SearchKey

OPTIONS = "SELECT reloptions FROM pg_class WHERE oid = %s::regclass"


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Customer, CustomerFigures, CustomerVisibility, SearchKey, Holding])
def test_a_night_that_changes_a_hundredth_of_a_table_has_it_vacuumed(model):
    with connection.cursor() as cursor:
        cursor.execute(OPTIONS, [model._meta.db_table])
        options = cursor.fetchone()[0] or []
    assert "autovacuum_vacuum_scale_factor=0.01" in options
    assert "autovacuum_vacuum_insert_scale_factor=0.01" in options
