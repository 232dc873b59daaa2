import base64
import json

import pytest
from django.db import connection

from bankcrm.core import audit, heads, sealing, verifying
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
        return [(finding.kind, finding.where) for finding in verifying.verify()]


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
        with other.cursor() as cursor:  # the end of a session may take the server a moment
            cursor.execute("SELECT pg_advisory_unlock(%s)", [sealing.ONE_SEALER])
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


def findings(copy=()):
    with as_owner():
        return verifying.verify(copy=copy)


def copy_of_heads():
    lines = [path.read_text() for path in heads.heads_folder().glob("*.log")]
    return list(heads.heads_of_copy(f"<86>Nov 26 bank {heads.MARK}{line}" for line in "".join(lines).splitlines()))


def drop_newest_head():
    for path in heads.heads_folder().glob("*.log"):
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("changed", "UPDATE core_auditevent SET username = 'x' WHERE id = %s"),
        ("changed", "UPDATE core_auditevent SET occurred_at = occurred_at - interval '40 days' WHERE id = %s"),
        ("removed", "DELETE FROM core_auditevent WHERE id = %s"),
    ],
)
def test_a_finding_names_the_event_its_time_and_its_action(home, kind, statement):
    ids = record(3)
    seal()
    at = AuditEvent.objects.get(id=ids[1]).occurred_at.isoformat(timespec="microseconds")
    tamper((statement, [ids[1]]))
    (found,) = findings()
    assert (found.kind, found.where, found.at, found.action) == (kind, ids[1], at, "test.done")
    assert f"{kind} event {ids[1]} {at} test.done: " in found.in_words()


def test_an_event_cut_off_with_its_seal_is_named_by_the_head_over_it(home):
    ids = record(2)
    seal()
    last = record(1)[0]
    seal()
    tamper(
        ("DELETE FROM core_auditevent WHERE id > %s", [ids[1]]),
        ("DELETE FROM core_auditseal WHERE position = 3", []),
    )
    (found,) = findings()
    assert (found.kind, found.where, found.action) == ("truncated", 3, "test.done")
    assert f"1 gone, places 3 to 3; event {last} {found.at} test.done" in found.detail


def test_a_gap_names_what_heads_know_of_it_and_what_follows(home):
    gone = record(1)[0]
    seal()
    next_one = record(1)[0]
    seal()
    tamper(
        ("DELETE FROM core_auditevent WHERE id = %s", [gone]),
        ("DELETE FROM core_auditseal WHERE event_id = %s", [gone]),
    )
    (found,) = findings()
    assert (found.kind, found.where) == ("gap", 1)
    assert f"event {gone} " in found.detail
    assert f"before event {next_one} " in found.detail


def test_an_event_inserted_under_the_number_of_a_sealed_one_is_found(home):
    ids = record(2)
    seal()
    values = [ids[0], "2026-11-22T00:00:00Z"]
    tamper((f"INSERT INTO core_auditevent (id, occurred_at, {TEXTS}) VALUES (%s, %s, {EMPTY})", values))
    assert [(found.kind, found.where) for found in findings()] == [("inserted", ids[0])]


def test_whoever_changes_the_action_of_an_event_and_of_its_seal_is_found(home):
    ids = record(2)
    seal()
    tamper(
        ("UPDATE core_auditevent SET action = 'x.y' WHERE id = %s", [ids[0]]),
        ("UPDATE core_auditseal SET action = 'x.y' WHERE event_id = %s", [ids[0]]),
    )
    assert [(found.kind, found.where, found.action) for found in findings()] == [("changed", ids[0], "x.y")]


def test_the_newest_deleted_with_seals_and_heads_are_found_by_the_copy_in_the_system_log(home):
    record(2)
    seal()
    last = record(1)[0]
    seal()
    copy = copy_of_heads()
    tamper(
        ("DELETE FROM core_auditevent WHERE id = %s", [last]),
        ("DELETE FROM core_auditseal WHERE event_id = %s", [last]),
    )
    drop_newest_head()
    assert findings() == []  # this machine alone cannot know
    assert [(found.kind, found.where) for found in findings(copy)] == [("missing", 3), ("truncated", 3)]


def test_a_chain_made_anew_with_the_machines_own_key_is_found_by_the_copy(home):
    ids = record(2)
    seal()
    copy = copy_of_heads()
    tamper(("UPDATE core_auditevent SET username = 'x' WHERE id = %s", [ids[1]]), ("DELETE FROM core_auditseal", []))
    tamper(("INSERT INTO core_auditpending SELECT id, occurred_at FROM core_auditevent", []))
    drop_newest_head()
    seal()
    assert findings() == []
    assert ("rewritten", 2) in [(found.kind, found.where) for found in findings(copy)]


def test_a_copy_that_agrees_finds_nothing(home):
    record(2)
    seal()
    record(1)
    seal()
    assert len(copy_of_heads()) == 2
    assert findings(copy_of_heads()) == []


def test_heads_that_were_signed_before_events_were_named_still_count(home):
    record(1)
    seal()
    link = bytes(AuditSeal.objects.get(position=1).hash).hex()
    old = heads.Head(1, link, "2026-11-01T00:00:00+00:00", "")
    signed = base64.b64encode(heads._key().sign(f"1:{link}:{old.signed_at}".encode())).decode()
    told = {"position": 1, "hash": link, "signed_at": old.signed_at, "signature": signed}
    (heads.heads_folder() / "heads-2026-11.log").write_text(json.dumps(told) + "\n")
    assert findings() == []
