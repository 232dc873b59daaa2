"""Units and users know whether a feed delivers them and what staff changed; units merge; posts are delegated."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Until today nobody but the feeds made units, and whoever has a post from the feed came by it.
FROM_FEED = """
UPDATE org_orgunit SET from_feed = TRUE;
UPDATE org_user u SET from_feed = TRUE WHERE EXISTS (SELECT FROM org_post p WHERE p.user_id = u.id AND p.from_feed);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0004_former_password"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
            ],
            options={
                "verbose_name": "delegation",
                "verbose_name_plural": "delegations",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="orgunit",
            name="by_hand",
            field=models.JSONField(blank=True, null=True, verbose_name="changed by hand"),
        ),
        migrations.AddField(
            model_name="orgunit",
            name="from_feed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="from the organisation feed"),
        ),
        migrations.AddField(
            model_name="orgunit",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="org.orgunit",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="orgunit",
            name="merged_on",
            field=models.DateField(blank=True, null=True, verbose_name="merged on"),
        ),
        migrations.AddField(
            model_name="orgunit",
            name="successor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.orgunit",
                verbose_name="who answers for it now",
            ),
        ),
        migrations.AddField(
            model_name="orgunit",
            name="taken_over",
            field=models.JSONField(blank=True, null=True, verbose_name="numbers of the units taken over"),
        ),
        migrations.AddField(
            model_name="post",
            name="ended_by_hand",
            field=models.BooleanField(db_default=False, default=False, verbose_name="ended by hand"),
        ),
        migrations.AddField(
            model_name="user",
            name="by_hand",
            field=models.JSONField(blank=True, null=True, verbose_name="changed by hand"),
        ),
        migrations.AddField(
            model_name="user",
            name="from_feed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="from the employee feed"),
        ),
        migrations.AddConstraint(
            model_name="orgunit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into", None), ("merged_on", None)),
                    models.Q(
                        ("closed_on__isnull", False), ("merged_into__isnull", False), ("merged_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="org_unit_merged_is_closed",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="delegate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations_held",
                to=settings.AUTH_USER_MODEL,
                verbose_name="delegate",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ended by",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="post",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations",
                to="org.post",
                verbose_name="post",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="principal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations_given",
                to=settings.AUTH_USER_MODEL,
                verbose_name="principal",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("principal", models.F("delegate")), _negated=True), name="org_delegation_to_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__endswith__isnull", False), ("valid__isempty", False)),
                name="org_delegation_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("ended_at", None)),
                expressions=[("post", "="), ("valid", "&&")],
                name="org_delegation_once_at_a_time",
            ),
        ),
        migrations.RunSQL(FROM_FEED, migrations.RunSQL.noop),
    ]
