"""Every column that keeps a unit's preorder number follows the tree: each is declared, or one is missed."""

from django.apps import apps

from bankcrm.core import org_extensions


def test_every_column_that_keeps_a_units_number_is_declared():
    kept = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.column == "unit_no"
    }
    assert kept == {column.code for column in org_extensions.unit_number_columns}
