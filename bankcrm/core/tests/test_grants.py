import pytest
from django.db import ProgrammingError, connection, transaction

from bankcrm.core import audit, grants
from bankcrm.core.models import AuditEvent, AuditPending
from bankcrm.core.postgres import role_name
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner


def run_as(role, statement):
    """Runs a statement as a database role; raises what the database says."""
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role_name(role)}")
        try:
            cursor.execute(statement)
        finally:
            if connection.connection.info.transaction_status.name != "INERROR":
                cursor.execute("RESET ROLE")


@pytest.mark.parametrize("role", ["web", "worker", "loader"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditevent SET username = 'x'",
        "DELETE FROM core_auditevent",
        "TRUNCATE core_auditevent",
        "DELETE FROM core_auditevent_default",
        "UPDATE core_auditseal SET hash = ''",
        "DELETE FROM core_auditseal",
    ],
)
def test_nobody_changes_the_audit(db, role, statement):
    audit.record("test.done", by=Scope.system(because="test"))
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_as(role, statement)


@pytest.mark.parametrize("role", ["web", "worker", "loader"])
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE core_auditevent DISABLE TRIGGER USER",
        "ALTER TABLE core_auditevent_default DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_is_kept ON core_auditevent",
        "DROP TRIGGER event_awaits_seal ON core_auditevent",
        "ALTER TABLE core_auditseal DROP COLUMN hash",
        "ALTER TABLE core_auditevent DETACH PARTITION core_auditevent_default",
        "DROP TABLE core_auditevent_default",
        "TRUNCATE core_auditseal",
        "TRUNCATE core_auditpending",
        "UPDATE core_auditpending SET event_id = 0",
        "CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "SET session_replication_role = replica",
    ],
)
def test_nobody_takes_the_audits_locks_away(db, role, statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        run_as(role, statement)


@pytest.mark.parametrize("statement", ["UPDATE core_auditevent SET username = 'x'", "DELETE FROM core_auditevent"])
def test_not_even_the_owner_changes_the_audit_while_its_trigger_stands(db, statement):
    audit.record("test.done", by=Scope.system(because="test"))
    with pytest.raises(ProgrammingError, match="never changed"), as_owner(), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_web_role_writes_events_but_cannot_take_them_off_the_waiting_list(db):
    audit.record("test.done", by=Scope.system(because="test"))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditPending.objects.all().delete()


@pytest.mark.parametrize("table", ["customers_customer", "org_orgunit", "org_user", "feeds_build"])
def test_the_web_role_writes_only_what_an_app_asked_for(db, table):
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_as("web", f"DELETE FROM {table}")


def test_the_loader_makes_tables_in_staging_only(db):
    run_as("loader", "CREATE TABLE staging.rows (id int)")
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_as("loader", "CREATE TABLE public.rows (id int)")


def test_the_web_role_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", [role_name("web")])
        assert cursor.fetchone() == (0,)


def test_applying_twice_gives_the_same(db):
    with as_owner():
        grants.apply()
    AuditEvent.objects.count()
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_as("web", "DELETE FROM core_job")


def test_a_misspelt_privilege_is_refused():
    with pytest.raises(ValueError, match="SELCT"):
        grants.web("core.Job", "SELCT")


def test_months_are_partitioned_and_a_month_without_a_partition_is_kept(db):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT core_ensure_months('core_auditevent', '1999-01-15', 2)")
        assert cursor.fetchone() == (3,)
        cursor.execute("SELECT core_ensure_months('core_auditevent', '1999-01-15', 2)")
        assert cursor.fetchone() == (0,)
    for moment, table in [
        ("1999-02-03T00:00:00+08:00", "core_auditevent_1999_02"),
        ("1990-01-01T00:00:00Z", "core_auditevent_default"),
    ]:
        event = AuditEvent.objects.create(occurred_at=moment, action="test.done")
        with connection.cursor() as cursor:
            cursor.execute("SELECT tableoid::regclass::text FROM core_auditevent WHERE id = %s", [event.id])
            assert cursor.fetchone() == (table,)
