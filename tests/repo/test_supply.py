"""What comes into the source tree from outside, and what must never leave it: versions with holes, keys, passwords."""

import datetime as dt
import http.server
import json
import threading

import pytest

from tools import advisories, secret_scan

TODAY = dt.date(2026, 11, 26)
BAD = {"id": "CVE-1", "package": "Some_Lib", "versions": "<2.0", "reason": "reads files"}
PINS = {("some-lib", "1.9"), ("other", "1.0")}


def test_a_pinned_version_on_the_list_is_named_with_its_reason():
    assert advisories.forbidden(PINS, [BAD], TODAY) == ["some-lib 1.9: CVE-1, reads files"]
    assert advisories.forbidden({("some-lib", "2.0")}, [BAD], TODAY) == []


def test_an_exception_holds_until_its_day_and_no_longer():
    ignored = BAD | {"ignored_until": TODAY, "ignored_because": "not reachable here"}
    assert advisories.forbidden(PINS, [ignored], TODAY) == []
    assert advisories.forbidden(PINS, [ignored], TODAY + dt.timedelta(days=1))


@pytest.mark.parametrize(
    "wrong",
    [{"id": ""}, {"versions": "newer"}, {"ignored_until": TODAY}, {"ignored_until": "soon", "ignored_because": "x"}],
)
def test_an_entry_that_cannot_be_read_is_an_error_not_a_pass(wrong):
    with pytest.raises(advisories.ListError):
        advisories.forbidden(PINS, [BAD | wrong], TODAY)


def test_the_projects_own_pins_are_read():
    assert {"django", "psycopg", "duckdb"} <= {name for name, _version in advisories.pins()}


@pytest.fixture
def index():
    """A package index on this machine that knows of one hole."""

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if "some-lib" not in self.path:
                self.send_error(404)
                return
            hole = {"id": "PYSEC-7", "fixed_in": ["2.0"], "withdrawn": None}
            body = json.dumps({"vulnerabilities": [hole], "info": {"yanked": True, "yanked_reason": "broken"}}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_what_the_index_says_is_told_and_its_silence_too(index, monkeypatch, capsys):
    monkeypatch.setattr(advisories, "index", lambda: index)
    assert advisories.ask(PINS) == 1
    told = capsys.readouterr().out
    assert "some-lib 1.9: PYSEC-7, fixed in 2.0" in told
    assert "some-lib 1.9: withdrawn, broken" in told
    assert "did not answer for 1 of 2" in told


def test_an_index_that_cannot_be_reached_is_said_and_fails_nothing(monkeypatch, capsys):
    monkeypatch.setattr(advisories, "index", lambda: "http://127.0.0.1:9")
    assert advisories.ask(PINS) == 0
    assert "did not answer for 2 of 2" in capsys.readouterr().out


# Secrets -------------------------------------------------------------------------------------------------------------

KEY = "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEow\n-----END " + "RSA PRIVATE KEY-----\n"
TOKEN = "ghp" + "_" + "a1B2" * 9


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.setattr(secret_scan, "ROOT", tmp_path)
    (tmp_path / "tests").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (KEY, "Private Key"),
        (f'x = "{TOKEN}"\n', "GitHub Token"),
        ('db_password = "hunter2 is long"\n', "Secret Keyword"),
    ],
)
def test_a_secret_in_a_file_is_found_with_its_line(tree, content, kind):
    (tree / "a.py").write_text(content)
    found = secret_scan.scan("a.py")
    assert kind in [one[0] for one in found]
    assert f"a.py:1: {kind}" in secret_scan.unknown({"a.py": found}, {})


def test_tests_may_make_up_passwords_but_hold_no_keys(tree):
    (tree / "tests" / "a.py").write_text('password = "hunter2 is long"\n')
    assert secret_scan.scan("tests/a.py") == []
    (tree / "tests" / "b.py").write_text(KEY)
    assert secret_scan.scan("tests/b.py")


def test_what_was_judged_harmless_counts_in_its_file_alone(tree):
    (tree / "a.py").write_text(KEY)
    found = secret_scan.scan("a.py")
    known = {"a.py": [[kind, digest] for kind, digest, _line in found]}
    assert secret_scan.unknown({"a.py": found}, known) == []
    assert secret_scan.unknown({"b.py": found}, known)
