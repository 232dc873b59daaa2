"""Search keys are looked up by kind first: a prefix of one kind no longer reads the other kinds' entries."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="searchkey",
            name="search_key_prefix",
        ),
        migrations.RemoveIndex(
            model_name="searchkey",
            name="search_key_tail",
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                models.F("kind"),
                django.contrib.postgres.indexes.OpClass("value", name="text_pattern_ops"),
                name="search_key_by_value",
            ),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                models.F("kind"),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Reverse("value"), name="text_pattern_ops"
                ),
                name="search_key_by_tail",
            ),
        ),
    ]
