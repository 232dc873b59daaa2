import pytest
from django.db import connection

from bankcrm.core import audit, heads, sealing
from bankcrm.core.models import AuditEvent, AuditPending, AuditSeal
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner

BY = Scope.system(because="test")
TEXTS = "username, role, action, object_type, object_id, reason, request_id, address, device"
EMPTY = ", ".join(["''"] * 9)


@pytest.fixture
def home(db, settings, tmp_path):
    settings.BANKCRM_HOME = tmp_path
    return tmp_path


def record(count):
    return [audit.record("test.done", by=BY, detail={"n": number, "名": "李"}).id for number in range(count)]


def seal():
    """The worker's part."""
    with as_owner():
        return sealing.seal_pending()


def tamper(*statements):
    """What somebody could do who owns the tables: take the triggers away, work, put them back."""
    tables = {"core_auditevent": "audit_is_kept", "core_auditseal": "seal_is_kept"}
    with as_owner(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement, values in statements:
            cursor.execute(statement, values)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def kinds():
    with as_owner():
        return [(finding.kind, finding.where) for finding in sealing.verify()]


def test_sealed_events_verify(home):
    record(3)
    assert seal() == 3
    assert kinds() == []
    assert seal() == 0
    assert not AuditPending.objects.exists()
    record(2)
    seal()
    assert [head.position for head in heads.heads()] == [3, 5]
    assert kinds() == []


def test_events_that_wait_are_no_finding(home):
    record(2)
    seal()
    record(1)
    assert kinds() == []


def test_many_events_are_sealed_in_batches(home, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    record(7)
    assert seal() == 7
    assert AuditSeal.objects.count() == 7
    assert kinds() == []


@pytest.mark.parametrize(
    "change",
    [
        "username = 'x'",
        "detail = '{\"n\": 2}'",
        "reason = ''",
        "customer_id = 1",
        "before = '{}'",
    ],
)
def test_a_changed_event_is_found(home, change):
    ids = record(3)
    seal()
    tamper((f"UPDATE core_auditevent SET {change} WHERE id = %s", [ids[1]]))
    assert kinds() == [("changed", ids[1])]


def test_a_changed_event_whose_link_was_made_to_fit_is_found(home):
    ids = record(3)
    seal()
    event = AuditEvent.objects.get(id=ids[2])
    previous = bytes(AuditSeal.objects.get(position=2).hash)
    known = {name: getattr(event, name) for name in sealing.COLUMNS}
    known |= {"username": "x", "occurred_at": round(event.occurred_at.timestamp() * 1_000_000)}
    values = tuple(known.values())
    tamper(
        ("UPDATE core_auditevent SET username = 'x' WHERE id = %s", [ids[2]]),
        (
            "UPDATE core_auditseal SET hash = %s WHERE position = 3",
            [sealing.linked(previous, sealing.canonical(values))],
        ),
    )
    assert kinds() == [("rewritten", 3)]


def test_a_removed_event_is_found(home):
    ids = record(3)
    seal()
    tamper(("DELETE FROM core_auditevent WHERE id = %s", [ids[0]]))
    assert kinds() == [("removed", ids[0])]


def test_an_event_removed_with_its_link_is_found(home):
    ids = record(3)
    seal()
    tamper(
        ("DELETE FROM core_auditevent WHERE id = %s", [ids[1]]),
        ("DELETE FROM core_auditseal WHERE event_id = %s", [ids[1]]),
    )
    assert kinds() == [("gap", 2)]


def test_a_chain_cut_off_at_its_end_is_found(home):
    ids = record(2)
    seal()
    record(1)
    seal()
    tamper(
        ("DELETE FROM core_auditevent WHERE id > %s", [ids[1]]),
        ("DELETE FROM core_auditseal WHERE position = 3", []),
    )
    assert kinds() == [("truncated", 3)]


def test_an_inserted_event_is_found(home):
    record(2)
    seal()
    values = [999_999, "2026-11-22T00:00:00Z"]
    tamper(
        (
            f"INSERT INTO core_auditevent (id, occurred_at, {TEXTS}) VALUES (%s, %s, {EMPTY})",
            values,
        )
    )
    assert kinds() == [("inserted", 999_999)]


def test_an_event_lost_before_its_seal_is_found(home):
    ids = record(2)
    tamper(("DELETE FROM core_auditevent WHERE id = %s", [ids[0]]))
    assert kinds() == [("lost", ids[0])]


def test_a_head_signed_by_somebody_else_is_found(home, settings):
    record(1)
    seal()
    settings.AUDIT_SIGNING_KEY = "another"
    assert ("forged", 1) in kinds()


def test_a_chain_that_goes_on_past_the_heads_is_found(home):
    record(1)
    seal()
    for path in heads.heads_folder().glob("*.log"):
        path.unlink()
    assert kinds() == [("unsigned", 1)]


def test_a_head_missed_by_a_killed_sealer_is_signed_by_the_next(home, monkeypatch):
    record(2)
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(heads, "sign", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        seal()
    seal()
    assert kinds() == []


def test_canonical_json_does_not_depend_on_the_session(home):
    record(1)
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'America/New_York'")
    assert kinds() == []


@pytest.mark.django_db(transaction=True)
def test_only_one_sealer_works_at_a_time(settings, tmp_path):
    settings.BANKCRM_HOME = tmp_path
    record(1)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [sealing.ONE_SEALER])
        assert seal() == 0
    finally:
        other.close()
    assert seal() == 1


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_sealed_all_the_same(settings, tmp_path):
    settings.BANKCRM_HOME = tmp_path
    late = connection.copy()
    try:
        with late.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"INSERT INTO core_auditevent (occurred_at, {TEXTS}) VALUES (now(), {EMPTY})")
            record(2)
            assert seal() == 2
            cursor.execute("COMMIT")
        assert seal() == 1
    finally:
        late.close()
    assert kinds() == []
