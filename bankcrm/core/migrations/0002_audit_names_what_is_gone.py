from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models import Func, Q
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast

TRANSACTION = Cast(Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField())


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.AddField("auditevent", "transaction_id", models.BigIntegerField(null=True)),
        # Apart from the column, or all events so far would seem to come from the migration's own transaction.
        migrations.AlterField(
            "auditevent", "transaction_id", models.BigIntegerField(db_default=TRANSACTION, null=True)
        ),
        migrations.AddField(
            "auditseal", "action", models.CharField("action", db_default="", default="", max_length=60)
        ),
        migrations.AddIndex(
            "auditevent",
            GinIndex(
                OpClass(KeyTransform("customers", "detail"), name="jsonb_path_ops"),
                condition=Q(detail__has_key="customers"),
                name="audit_by_shown",
            ),
        ),
    ]
