"""Customers of one line of business are counted inside the indexes by unit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0017_search_keys_know_the_unit"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="customer", name="customer_by_unit"),
        migrations.RemoveIndex(model_name="customer", name="customer_uncovered"),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["unit_no", "id"], include=("line",), name="customer_by_unit"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("is_covered", False)),
                fields=["unit_no", "id"],
                include=("line",),
                name="customer_uncovered",
            ),
        ),
    ]
