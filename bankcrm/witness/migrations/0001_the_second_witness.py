import django.contrib.postgres.fields.ranges
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0019_tidied_after_each_night"),
        ("org", "0004_former_password"),
        ("system", "0002_parameters_keep_what_was_replaced"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoverageWitness",
            fields=[
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("customer", models.BigIntegerField(db_column="customer_id", null=True)),
                ("object_type", models.TextField(null=True)),
                ("object_key", models.TextField(null=True)),
                ("user", models.BigIntegerField(db_column="user_id", null=True)),
                ("role", models.TextField(null=True)),
                ("share", models.DecimalField(decimal_places=8, max_digits=12, null=True)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(db_index=True)),
                (
                    "transaction_id",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        ),
                        null=True,
                    ),
                ),
                (
                    "acted_for",
                    models.TextField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(models.Value("app.username"), models.Value(True), function="current_setting"),
                            models.Value(""),
                        )
                    ),
                ),
                (
                    "acted_in",
                    models.TextField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(models.Value("app.request_id"), models.Value(True), function="current_setting"),
                            models.Value(""),
                        )
                    ),
                ),
                (
                    "acted_as",
                    models.TextField(db_default=models.Func(function="session_user", template="%(function)s")),
                ),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CustomerWitness",
            fields=[
                ("number", models.TextField(null=True)),
                ("kind", models.TextField(null=True)),
                ("status", models.TextField(null=True)),
                ("name", models.TextField(null=True)),
                ("name_en", models.TextField(null=True)),
                ("line", models.TextField(null=True)),
                ("industry", models.TextField(null=True)),
                ("owning_unit", models.BigIntegerField(db_column="owning_unit_id", null=True)),
                ("lead", models.BigIntegerField(db_column="lead_id", null=True)),
                ("since_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(db_index=True)),
                (
                    "transaction_id",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        ),
                        null=True,
                    ),
                ),
                (
                    "acted_for",
                    models.TextField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(models.Value("app.username"), models.Value(True), function="current_setting"),
                            models.Value(""),
                        )
                    ),
                ),
                (
                    "acted_in",
                    models.TextField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(models.Value("app.request_id"), models.Value(True), function="current_setting"),
                            models.Value(""),
                        )
                    ),
                ),
                (
                    "acted_as",
                    models.TextField(db_default=models.Func(function="session_user", template="%(function)s")),
                ),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ParameterValueWitness",
            fields=[
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("key", models.TextField(null=True)),
                ("unit", models.BigIntegerField(db_column="unit_id", null=True)),
                ("value", models.JSONField(null=True)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ("reason", models.TextField(null=True)),
                ("by", models.BigIntegerField(db_column="by_id", null=True)),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(db_index=True)),
                (
                    "transaction_id",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        ),
                        null=True,
                    ),
                ),
                (
                    "acted_for",
                    models.TextField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(models.Value("app.username"), models.Value(True), function="current_setting"),
                            models.Value(""),
                        )
                    ),
                ),
                (
                    "acted_in",
                    models.TextField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(models.Value("app.request_id"), models.Value(True), function="current_setting"),
                            models.Value(""),
                        )
                    ),
                ),
                (
                    "acted_as",
                    models.TextField(db_default=models.Func(function="session_user", template="%(function)s")),
                ),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PostWitness",
            fields=[
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("user", models.BigIntegerField(db_column="user_id", null=True)),
                ("role", models.TextField(null=True)),
                ("unit", models.BigIntegerField(db_column="unit_id", null=True)),
                ("data_scope", models.TextField(null=True)),
                ("business_line", models.TextField(null=True)),
                ("team", models.BigIntegerField(db_column="team_id", null=True)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(db_index=True)),
                (
                    "transaction_id",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        ),
                        null=True,
                    ),
                ),
                (
                    "acted_for",
                    models.TextField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(models.Value("app.username"), models.Value(True), function="current_setting"),
                            models.Value(""),
                        )
                    ),
                ),
                (
                    "acted_in",
                    models.TextField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(models.Value("app.request_id"), models.Value(True), function="current_setting"),
                            models.Value(""),
                        )
                    ),
                ),
                (
                    "acted_as",
                    models.TextField(db_default=models.Func(function="session_user", template="%(function)s")),
                ),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UserWitness",
            fields=[
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("username", models.TextField(null=True)),
                ("name", models.TextField(null=True)),
                ("home_unit", models.BigIntegerField(db_column="home_unit_id", null=True)),
                ("is_active", models.BooleanField(null=True)),
                ("left_on", models.DateField(null=True)),
                ("must_change_password", models.BooleanField(null=True)),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(db_index=True)),
                (
                    "transaction_id",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(function="pg_current_xact_id"), models.TextField()
                            ),
                            models.BigIntegerField(),
                        ),
                        null=True,
                    ),
                ),
                (
                    "acted_for",
                    models.TextField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(models.Value("app.username"), models.Value(True), function="current_setting"),
                            models.Value(""),
                        )
                    ),
                ),
                (
                    "acted_in",
                    models.TextField(
                        db_default=django.db.models.functions.comparison.Coalesce(
                            models.Func(models.Value("app.request_id"), models.Value(True), function="current_setting"),
                            models.Value(""),
                        )
                    ),
                ),
                (
                    "acted_as",
                    models.TextField(db_default=models.Func(function="session_user", template="%(function)s")),
                ),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WitnessedCoverage",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("customers.coverage",),
        ),
        migrations.CreateModel(
            name="WitnessedCustomer",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("customers.customer",),
        ),
        migrations.CreateModel(
            name="WitnessedParameterValue",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("system.parametervalue",),
        ),
        migrations.CreateModel(
            name="WitnessedPost",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("org.post",),
        ),
        migrations.CreateModel(
            name="WitnessedUser",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("org.user",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedcoverage",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_coveragewitness" ("customer_id", "id", "object_key", "object_type", "pgh_created_at", "pgh_label", "role", "share", "user_id", "valid") SELECT new_values."customer_id", new_values."id", new_values."object_key", new_values."object_type", NOW(), \'insert\', new_values."role", new_values."share", new_values."user_id", new_values."valid" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="32ef739979792f6d335d55982a27c23a8ead5ffa",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a8510",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="customers_coverage",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedcoverage",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_coveragewitness" ("customer_id", "id", "object_key", "object_type", "pgh_created_at", "pgh_label", "role", "share", "user_id", "valid") SELECT new_values."customer_id", new_values."id", new_values."object_key", new_values."object_type", NOW(), \'update\', new_values."role", new_values."share", new_values."user_id", new_values."valid" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."customer_id" IS DISTINCT FROM (new_values."customer_id") OR old_values."object_key" IS DISTINCT FROM (new_values."object_key") OR old_values."object_type" IS DISTINCT FROM (new_values."object_type") OR old_values."role" IS DISTINCT FROM (new_values."role") OR old_values."share" IS DISTINCT FROM (new_values."share") OR old_values."user_id" IS DISTINCT FROM (new_values."user_id") OR old_values."valid" IS DISTINCT FROM (new_values."valid")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="36f3e93b46dd527397c77b190606639b12727d91",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6002e",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="customers_coverage",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedcoverage",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_coveragewitness" ("customer_id", "id", "object_key", "object_type", "pgh_created_at", "pgh_label", "role", "share", "user_id", "valid") SELECT old_values."customer_id", old_values."id", old_values."object_key", old_values."object_type", NOW(), \'delete\', old_values."role", old_values."share", old_values."user_id", old_values."valid" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="8b86f250fd418ec715c0903bb1373ed342754df1",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_002be",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="customers_coverage",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedcustomer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_customerwitness" ("ended_on", "id", "industry", "kind", "lead_id", "line", "name", "name_en", "number", "owning_unit_id", "pgh_created_at", "pgh_label", "since_on", "status") SELECT new_values."ended_on", new_values."id", new_values."industry", new_values."kind", new_values."lead_id", new_values."line", new_values."name", new_values."name_en", new_values."number", new_values."owning_unit_id", NOW(), \'insert\', new_values."since_on", new_values."status" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="6ae5272448bcf4882bea6681af8e73b034999cbe",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b8324",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedcustomer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_customerwitness" ("ended_on", "id", "industry", "kind", "lead_id", "line", "name", "name_en", "number", "owning_unit_id", "pgh_created_at", "pgh_label", "since_on", "status") SELECT new_values."ended_on", new_values."id", new_values."industry", new_values."kind", new_values."lead_id", new_values."line", new_values."name", new_values."name_en", new_values."number", new_values."owning_unit_id", NOW(), \'update\', new_values."since_on", new_values."status" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."ended_on" IS DISTINCT FROM (new_values."ended_on") OR old_values."industry" IS DISTINCT FROM (new_values."industry") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."lead_id" IS DISTINCT FROM (new_values."lead_id") OR old_values."line" IS DISTINCT FROM (new_values."line") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."name_en" IS DISTINCT FROM (new_values."name_en") OR old_values."number" IS DISTINCT FROM (new_values."number") OR old_values."owning_unit_id" IS DISTINCT FROM (new_values."owning_unit_id") OR old_values."since_on" IS DISTINCT FROM (new_values."since_on") OR old_values."status" IS DISTINCT FROM (new_values."status")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="54c9077ced4e026bda284ec601c08afac9adec05",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d0f64",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedcustomer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_customerwitness" ("ended_on", "id", "industry", "kind", "lead_id", "line", "name", "name_en", "number", "owning_unit_id", "pgh_created_at", "pgh_label", "since_on", "status") SELECT old_values."ended_on", old_values."id", old_values."industry", old_values."kind", old_values."lead_id", old_values."line", old_values."name", old_values."name_en", old_values."number", old_values."owning_unit_id", NOW(), \'delete\', old_values."since_on", old_values."status" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="3ff22f6bc3b065b1d3f98bc5dfc65a431959cdf9",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b4a2d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedparametervalue",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_parametervaluewitness" ("by_id", "id", "key", "pgh_created_at", "pgh_label", "reason", "unit_id", "valid", "value") SELECT new_values."by_id", new_values."id", new_values."key", NOW(), \'insert\', new_values."reason", new_values."unit_id", new_values."valid", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="9c909c70adac2973131fb7e061e08b1718fdc5ae",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f2eac",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="system_parametervalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedparametervalue",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_parametervaluewitness" ("by_id", "id", "key", "pgh_created_at", "pgh_label", "reason", "unit_id", "valid", "value") SELECT new_values."by_id", new_values."id", new_values."key", NOW(), \'update\', new_values."reason", new_values."unit_id", new_values."valid", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."by_id" IS DISTINCT FROM (new_values."by_id") OR old_values."key" IS DISTINCT FROM (new_values."key") OR old_values."reason" IS DISTINCT FROM (new_values."reason") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id") OR old_values."valid" IS DISTINCT FROM (new_values."valid") OR old_values."value" IS DISTINCT FROM (new_values."value")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="57ad3b45c21135dd583055b3b7f001b0b89d0c4f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_56606",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="system_parametervalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedparametervalue",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_parametervaluewitness" ("by_id", "id", "key", "pgh_created_at", "pgh_label", "reason", "unit_id", "valid", "value") SELECT old_values."by_id", old_values."id", old_values."key", NOW(), \'delete\', old_values."reason", old_values."unit_id", old_values."valid", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="4e3f8d8937f411e25e592b22a8c4d7fd9f174a4d",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e9ad7",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="system_parametervalue",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedpost",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_postwitness" ("business_line", "data_scope", "id", "pgh_created_at", "pgh_label", "role", "team_id", "unit_id", "user_id", "valid") SELECT new_values."business_line", new_values."data_scope", new_values."id", NOW(), \'insert\', new_values."role", new_values."team_id", new_values."unit_id", new_values."user_id", new_values."valid" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="bb239cced4dbda6d81f5b285daa1c6adafd2553f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4e84f",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="org_post",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedpost",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_postwitness" ("business_line", "data_scope", "id", "pgh_created_at", "pgh_label", "role", "team_id", "unit_id", "user_id", "valid") SELECT new_values."business_line", new_values."data_scope", new_values."id", NOW(), \'update\', new_values."role", new_values."team_id", new_values."unit_id", new_values."user_id", new_values."valid" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."business_line" IS DISTINCT FROM (new_values."business_line") OR old_values."data_scope" IS DISTINCT FROM (new_values."data_scope") OR old_values."role" IS DISTINCT FROM (new_values."role") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id") OR old_values."user_id" IS DISTINCT FROM (new_values."user_id") OR old_values."valid" IS DISTINCT FROM (new_values."valid")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="e0e2384e4c99dcc978ae0bfb8954c553001c48ac",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d5eea",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="org_post",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnessedpost",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_postwitness" ("business_line", "data_scope", "id", "pgh_created_at", "pgh_label", "role", "team_id", "unit_id", "user_id", "valid") SELECT old_values."business_line", old_values."data_scope", old_values."id", NOW(), \'delete\', old_values."role", old_values."team_id", old_values."unit_id", old_values."user_id", old_values."valid" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="a7196ff19a8bea822c1d0345afbc1335c334a780",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_09bac",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="org_post",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnesseduser",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_userwitness" ("home_unit_id", "id", "is_active", "left_on", "must_change_password", "name", "pgh_created_at", "pgh_label", "username") SELECT new_values."home_unit_id", new_values."id", new_values."is_active", new_values."left_on", new_values."must_change_password", new_values."name", NOW(), \'insert\', new_values."username" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="f427c5f15b492f03e69c6c330e5d0dcee1b4c6f5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2c1f1",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="org_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnesseduser",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_userwitness" ("home_unit_id", "id", "is_active", "left_on", "must_change_password", "name", "pgh_created_at", "pgh_label", "username") SELECT new_values."home_unit_id", new_values."id", new_values."is_active", new_values."left_on", new_values."must_change_password", new_values."name", NOW(), \'update\', new_values."username" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."home_unit_id" IS DISTINCT FROM (new_values."home_unit_id") OR old_values."is_active" IS DISTINCT FROM (new_values."is_active") OR old_values."left_on" IS DISTINCT FROM (new_values."left_on") OR old_values."must_change_password" IS DISTINCT FROM (new_values."must_change_password") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."password" IS DISTINCT FROM (new_values."password") OR old_values."username" IS DISTINCT FROM (new_values."username")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="d3556c420ed82030aaf07916d64d48faa319f990",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7fcc6",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="org_user",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="witnesseduser",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "witness_userwitness" ("home_unit_id", "id", "is_active", "left_on", "must_change_password", "name", "pgh_created_at", "pgh_label", "username") SELECT old_values."home_unit_id", old_values."id", old_values."is_active", old_values."left_on", old_values."must_change_password", old_values."name", NOW(), \'delete\', old_values."username" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="9086844fcc26b7de940e1858ef4c8e7f38d7930c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_64957",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="org_user",
                    when="AFTER",
                ),
            ),
        ),
    ]
