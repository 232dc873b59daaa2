"""What the second witness sees, that it stays, and what it tells that the audit does not."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from bankcrm.core import audit, verifying
from bankcrm.core.cli import audit as command
from bankcrm.core.postgres import role_name
from bankcrm.core.row_security import told
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer
from bankcrm.customers.tests.factories import CoverageFactory, CustomerFactory
from bankcrm.org.models import Post, User
from bankcrm.org.tests.factories import PostFactory, UserFactory
from bankcrm.system.models import ParameterValue
from bankcrm.witness.models import (
    WITNESSES,
    CoverageWitness,
    CustomerWitness,
    ParameterValueWitness,
    PostWitness,
    UserWitness,
)


@pytest.fixture(autouse=True)
def reader(db):
    """No page reads what the witness saw, so the tests do as the owner."""
    with as_owner():
        yield


TABLES = [model._meta.db_table for model in WITNESSES]


def run(statement, values=(), role=None):
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        if role:
            cursor.execute(f"SET LOCAL ROLE {role_name(role)}")
        try:
            cursor.execute(statement, values)
        finally:
            if role and connection.connection.info.transaction_status.name != "INERROR":
                cursor.execute("RESET ROLE")


def seen(model, key):
    return list(model.objects.filter(id=key).order_by("pgh_id").values_list("pgh_label", flat=True))


@pytest.mark.django_db
def test_a_customer_is_seen_when_it_is_made_changed_and_taken_away():
    customer = CustomerFactory(name="王建国")
    run("UPDATE customers_customer SET name = '王建军' WHERE id = %s", [customer.pk])
    last = CustomerWitness.objects.filter(id=customer.pk).latest("pgh_id")
    assert (last.pgh_label, last.name, last.owning_unit) == ("update", "王建军", customer.owning_unit_id)
    with as_owner():
        Customer.objects.everything(because="test").filter(pk=customer.pk).delete()
    assert seen(CustomerWitness, customer.pk) == ["insert", "update", "delete"]


@pytest.mark.django_db
def test_a_column_that_says_nothing_wakes_no_witness():
    customer = CustomerFactory()
    run("UPDATE customers_customer SET last_contact_on = CURRENT_DATE, is_covered = true WHERE id = %s", [customer.pk])
    assert seen(CustomerWitness, customer.pk) == ["insert"]


@pytest.mark.django_db
def test_coverage_posts_users_and_parameters_are_seen():
    share, post = CoverageFactory(), PostFactory()
    with as_owner():
        value = ParameterValue.objects.create(key="x", value=1, valid=(dt.date(2026, 1, 1), None))
    for table, change, key in [
        ("customers_coverage", "share = 0.5", share.pk),
        ("org_post", "role = 'auditor'", post.pk),
        ("org_user", "is_active = false", post.user_id),
        ("system_parametervalue", "value = '2'", value.pk),
    ]:
        run(f"UPDATE {table} SET {change} WHERE id = %s", [key])
    assert seen(CoverageWitness, share.pk) == ["insert", "update"]
    assert seen(PostWitness, post.pk) == ["insert", "update"]
    assert seen(UserWitness, post.user_id) == ["insert", "update"]
    assert seen(ParameterValueWitness, value.pk) == ["insert", "update"]
    assert PostWitness.objects.filter(id=post.pk).latest("pgh_id").role == "auditor"


@pytest.mark.django_db
def test_that_a_password_changed_is_seen_and_not_to_what():
    user = UserFactory()
    run("UPDATE org_user SET password = 'secret-hash' WHERE id = %s", [user.pk])
    assert seen(UserWitness, user.pk) == ["insert", "update"]
    assert "secret-hash" not in str(UserWitness.objects.filter(id=user.pk).values())


@pytest.mark.django_db
def test_a_witness_knows_for_whom_the_program_acted_and_as_which_role():
    user = UserFactory()
    with told(Scope(1, "E00007")):
        run("UPDATE org_user SET name = '张三' WHERE id = %s", [user.pk])
    last = UserWitness.objects.filter(id=user.pk).latest("pgh_id")
    assert (last.acted_for, last.acted_as) == ("E00007", role_name("owner"))


@pytest.mark.django_db
def test_one_statement_over_many_rows_sees_each_of_them_also_in_a_merge():
    kept, other = CustomerFactory(name="甲"), CustomerFactory(name="乙")
    unit = kept.owning_unit
    run(
        "MERGE INTO customers_customer t USING (VALUES (%s, '61099999901', '丙'), (%s, '61099999902', '乙'), "
        "(0, '61099999903', '丁')) n (id, number, name) ON t.id = n.id "
        "WHEN MATCHED AND t.name IS DISTINCT FROM n.name THEN UPDATE SET name = n.name "
        "WHEN NOT MATCHED THEN INSERT (number, kind, status, name, name_en, sort_key, name_pieces, line, industry, "
        "owning_unit_id, unit_no, is_covered, origin) VALUES (n.number, 'person', 'active', n.name, '', '', '{}', '', "
        "'', %s, 1, false, '{}')",
        [kept.pk, other.pk, unit.pk],
        role="loader",
    )
    assert seen(CustomerWitness, kept.pk) == ["insert", "update"]
    assert seen(CustomerWitness, other.pk) == ["insert"]
    assert CustomerWitness.objects.filter(name="丁", pgh_label="insert").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["web", "worker", "loader"])
def test_nobody_changes_what_was_seen(table, role):
    for statement in (f"UPDATE {table} SET acted_for = 'x'", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(statement, role=role)


@pytest.mark.parametrize("table", TABLES)
def test_a_page_reads_no_customer_out_of_the_witness(table):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(f"SELECT count(*) FROM {table}", role="web")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["web", "worker", "loader"])
def test_nobody_takes_the_witness_away(role):
    for table in ("customers_customer", "customers_coverage", "system_parametervalue", "org_user", "org_post"):
        with pytest.raises(ProgrammingError, match="must be owner"):
            run(f"ALTER TABLE {table} DISABLE TRIGGER USER", role=role)


@pytest.mark.django_db
def test_not_even_the_owner_changes_what_was_seen_while_its_trigger_stands():
    UserFactory()
    with pytest.raises(ProgrammingError, match="never changed"):
        run("DELETE FROM witness_userwitness")


# The comparison ------------------------------------------------------------------------------------------------------


def untold():
    now = timezone.now()
    with as_owner():
        return verifying.compare(now - dt.timedelta(hours=1), now + dt.timedelta(minutes=1))


@pytest.mark.django_db(transaction=True)
def test_a_change_behind_the_actions_is_named_and_one_with_a_record_is_not():
    customer = CustomerFactory()
    before = len(untold())  # the factory writes behind the actions, too
    with as_owner(), transaction.atomic():
        User.objects.filter(pk=UserFactory().pk).update(name="张三")
        audit.record("user.changed", by=Scope.system(because="test"))
    told = len(untold())
    run("UPDATE customers_customer SET name = '李四' WHERE id = %s", [customer.pk])
    found = [one for one in untold() if one.table == "customers_customer" and one.change == "update"]
    assert (len(found), found[0].key) == (1, customer.pk)
    assert f"untold update of customers_customer {customer.pk} at " in found[0].in_words()
    assert len(untold()) == told + 1
    assert before > 0


@pytest.mark.django_db(transaction=True)
def test_the_command_names_each_change_and_exits_with_a_problem():
    post = PostFactory()
    now = timezone.now()
    with as_owner():
        Post.objects.filter(pk=post.pk).update(role="auditor")
        result = CliRunner().invoke(command, ["compare", "--from", f"{now:%Y-%m-%d}", "--json"])
    told = json.loads(result.output)["untold"]
    assert result.exit_code == 1
    assert [one["change"] for one in told if one["table"] == "org_post"] == ["insert", "update"]
    with as_owner():
        result = CliRunner().invoke(command, ["compare", "--from", "2001-01-01", "--to", "2001-01-02"])
    assert (result.exit_code, "0 changes" in result.output) == (0, True)
