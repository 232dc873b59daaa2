import json

import pytest
from click.testing import CliRunner
from django.db import connection

from bankcrm.core import audit, heads, sealing
from bankcrm.core.cli import audit as command
from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sealed(settings, tmp_path):
    settings.BANKCRM_HOME = tmp_path
    audit.record("test.done", by=Scope.system(because="test"))
    with as_owner():
        sealing.seal_pending()


def verify(*options):
    with as_owner():
        return CliRunner().invoke(command, ["verify", *options])


def test_a_whole_audit_is_said_to_be_whole():
    result = verify("--json")
    told = json.loads(result.output)
    assert (result.exit_code, told["sealed"], told["waiting"], told["last_head"], told["findings"]) == (0, 1, 0, 1, [])


def test_a_changed_audit_is_a_problem():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_auditevent SET username = 'x'")
        cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER USER")
    result = verify()
    assert result.exit_code == 1
    assert "changed" in result.output
    assert "1 findings" in result.output


def test_a_finding_is_named_in_json_with_number_time_and_action():
    event = AuditEvent.objects.get()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM core_auditevent")
        cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER USER")
    result = verify("--json")
    (finding,) = json.loads(result.output)["findings"]
    at = event.occurred_at.isoformat(timespec="microseconds")
    assert (result.exit_code, finding["kind"], finding["where"]) == (1, "removed", event.id)
    assert (finding["at"], finding["action"]) == (at, "test.done")


def test_the_copy_of_the_system_log_is_compared(tmp_path):
    (path,) = heads.heads_folder().glob("*.log")
    copy = tmp_path / "auth.log"
    copy.write_text(f"Nov 26 03:00:00 bank {heads.MARK}{path.read_text()}Nov 26 03:00:01 bank sshd: hello\n")
    assert verify("--copy", str(copy)).exit_code == 0
    path.write_text("")
    result = verify("--copy", str(copy))
    assert (result.exit_code, "missing place 1" in result.output) == (1, True)


def test_a_copy_without_heads_is_no_copy(tmp_path):
    (tmp_path / "empty.log").write_text("nothing here\n")
    result = verify("--copy", str(tmp_path / "empty.log"))
    assert (result.exit_code, "holds no head" in result.output) == (1, True)
