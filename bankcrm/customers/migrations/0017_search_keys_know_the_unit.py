"""A search key keeps the number of the unit that owns its customer, and its index has it."""

import django.contrib.postgres.indexes
from django.db import migrations, models

FILL = (
    "UPDATE customers_searchkey k SET unit_no = c.unit_no "
    "FROM customers_customer c WHERE c.id = k.customer_id AND k.unit_no <> c.unit_no"
)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0016_files_and_waivers"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="searchkey", name="search_key_by_value"),
        migrations.AddField(model_name="searchkey", name="unit_no", field=models.IntegerField(db_default=0, default=0)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                models.F("kind"),
                django.contrib.postgres.indexes.OpClass("value", name="text_pattern_ops"),
                models.F("customer"),
                models.F("unit_no"),
                name="search_key_by_value",
            ),
        ),
    ]
