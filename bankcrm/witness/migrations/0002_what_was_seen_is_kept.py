from django.db import migrations

TABLES = ("customerwitness", "coveragewitness", "parametervaluewitness", "userwitness", "postwitness")


class Migration(migrations.Migration):
    dependencies = [("witness", "0001_the_second_witness"), ("core", "0002_audit_names_what_is_gone")]

    # As for the audit: not even the owner changes a row without taking these triggers away first.
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER witness_is_kept BEFORE UPDATE OR DELETE ON witness_{table} "
            "FOR EACH ROW EXECUTE FUNCTION core_refuse_change()",
            f"DROP TRIGGER witness_is_kept ON witness_{table}",
        )
        for table in TABLES
    ]
