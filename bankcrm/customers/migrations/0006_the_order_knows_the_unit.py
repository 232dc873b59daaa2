"""The index of each sort carries the owning unit's number; a unit that books what it owns is no reason of its own."""

import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models

FILL = (
    "UPDATE customers_customerfigures f SET unit_no = c.unit_no "
    "FROM customers_customer c WHERE c.id = f.customer_id AND f.unit_no <> c.unit_no"
)
THIN = (
    "DELETE FROM customers_customervisibility v USING customers_customer c "
    "WHERE c.id = v.customer_id AND c.owning_unit_id = v.unit_id AND v.reason = 'booking'"
)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_open_complaints"),
        ("org", "0002_api_token"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_by_name",
        ),
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_by_since",
        ),
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_by_contact",
        ),
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_name_prefix",
        ),
        migrations.RemoveIndex(
            model_name="customerfigures",
            name="figures_by_aum_end",
        ),
        migrations.RemoveIndex(
            model_name="customerfigures",
            name="figures_by_aum_average",
        ),
        migrations.RemoveIndex(
            model_name="customerfigures",
            name="figures_by_deposit_end",
        ),
        migrations.RemoveIndex(
            model_name="customerfigures",
            name="figures_by_deposit_average",
        ),
        migrations.RemoveIndex(
            model_name="customerfigures",
            name="figures_by_loan_end",
        ),
        migrations.RemoveIndex(
            model_name="customerfigures",
            name="figures_by_aum_change",
        ),
        migrations.RemoveIndex(
            model_name="customerfigures",
            name="figures_by_product_count",
        ),
        migrations.AddField(
            model_name="customerfigures",
            name="unit_no",
            field=models.IntegerField(db_default=0, verbose_name="owning unit's number"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(THIN, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(models.F("sort_key"), models.F("id"), models.F("unit_no"), name="customer_by_name"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(models.F("since_on"), models.F("id"), models.F("unit_no"), name="customer_by_since"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("last_contact_on"), models.F("id"), models.F("unit_no"), name="customer_by_contact"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass("name", name="text_pattern_ops"),
                models.F("id"),
                models.F("unit_no"),
                name="customer_name_prefix",
            ),
        ),
        migrations.AddIndex(
            model_name="customerfigures",
            index=models.Index(
                models.F("aum_end_fen"), models.F("customer"), models.F("unit_no"), name="figures_by_aum_end"
            ),
        ),
        migrations.AddIndex(
            model_name="customerfigures",
            index=models.Index(
                models.F("aum_average_fen"), models.F("customer"), models.F("unit_no"), name="figures_by_aum_average"
            ),
        ),
        migrations.AddIndex(
            model_name="customerfigures",
            index=models.Index(
                models.F("deposit_end_fen"), models.F("customer"), models.F("unit_no"), name="figures_by_deposit_end"
            ),
        ),
        migrations.AddIndex(
            model_name="customerfigures",
            index=models.Index(
                models.F("deposit_average_fen"),
                models.F("customer"),
                models.F("unit_no"),
                name="figures_by_deposit_average",
            ),
        ),
        migrations.AddIndex(
            model_name="customerfigures",
            index=models.Index(
                models.F("loan_end_fen"), models.F("customer"), models.F("unit_no"), name="figures_by_loan_end"
            ),
        ),
        migrations.AddIndex(
            model_name="customerfigures",
            index=models.Index(
                models.F("aum_change_fen"), models.F("customer"), models.F("unit_no"), name="figures_by_aum_change"
            ),
        ),
        migrations.AddIndex(
            model_name="customerfigures",
            index=models.Index(
                models.F("product_count"), models.F("customer"), models.F("unit_no"), name="figures_by_product_count"
            ),
        ),
        migrations.AddIndex(
            model_name="customervisibility",
            index=models.Index(
                models.F("unit_no"),
                models.F("customer"),
                condition=models.Q(("reason", "owning"), _negated=True),
                name="visibility_not_owning",
            ),
        ),
    ]
