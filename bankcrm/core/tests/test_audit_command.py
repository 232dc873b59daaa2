import json

import pytest
from click.testing import CliRunner
from django.db import connection

from bankcrm.core import audit, sealing
from bankcrm.core.cli import audit as command
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
