"""The drill: a bank that is worked on is backed up, and restored into an empty place, where it goes on as it was."""

import http.cookiejar
import json
import re
import subprocess
import tarfile
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

import psycopg
import pytest

from bankcrm.core import postgres
from tests.browser.bank import BANKCRM, ROOT, Bank, clear, environment, free_port, make_home
from tests.browser.conftest import employee

PASSPHRASE = "一个够长的口令 for the drill"
NUMBER = re.compile(r"/customers/(\d{11})/")
COUNTED = "SELECT (SELECT count(*) FROM core_auditevent), (SELECT count(*) FROM customers_task)"


class Teller:
    """Somebody at work, without a browser: logs in, opens customers, plans tasks."""

    def __init__(self, url, number, password):
        self.url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.post("/account/login/", username=number, password=password)
        self.customers = NUMBER.findall(self.get("/customers/mine/"))

    def get(self, path):
        with self.opener.open(self.url + path, timeout=30) as answer:
            return answer.read().decode()

    def post(self, path, **values):
        form = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form).group(1)
        data = urllib.parse.urlencode({**given(form), **values, "csrfmiddlewaretoken": token}).encode()
        request = urllib.request.Request(self.url + path, data, {"Referer": self.url + path})
        with self.opener.open(request, timeout=30) as answer:
            return answer.read().decode()

    def work(self, title):
        number = self.customers[0]
        self.get(f"/customers/{number}/")
        self.post(f"/customers/{number}/tasks/new/", title=title)


def given(form):
    """What a task's form has filled in already: when it is due, and for whom."""
    due = re.search(r'name="due_at"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="due_at"', form)
    chosen = re.search(r'<option value="(\d+)" selected', form)
    return {"due_at": due.group(1) or due.group(2), "assignee": chosen.group(1)} if due and chosen else {}


@dataclass
class Staff:
    """Keeps working in a thread until told to stop."""

    teller: Teller
    done: int = 0
    problems: list = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self):
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.stop.set()
        self.thread.join(60)

    def _work(self):
        while not self.stop.is_set():
            try:
                self.teller.work(f"drill {self.done}")
            except Exception as error:
                self.problems.append(repr(error))
                return
            self.done += 1


def counted(home):
    """(audit events, tasks) as its owner sees them."""
    with psycopg.connect(**postgres.connection_info(home, "owner").parameters()) as connection:
        return connection.execute(COUNTED).fetchone()


def command(home, *words):
    line = [str(BANKCRM), "--home", str(home), *words]
    return subprocess.run(line, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=180, check=False)


@pytest.fixture(scope="module")
def phrase(tmp_path_factory):
    path = tmp_path_factory.mktemp("drill") / "phrase"
    path.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def taken(bank, phrase):
    """A backup taken while somebody works; with what was counted before it and after it."""
    target = phrase.with_name("bank.tar")
    teller = Teller(bank.url, employee("relationship_manager"), bank.password)
    before = counted(bank.home)
    with Staff(teller) as staff:
        while staff.done < 2 and not staff.problems:
            time.sleep(0.05)
        done = command(bank.home, "backup", str(target), "--passphrase-file", str(phrase), "--json")
        at_the_end = staff.done
    assert not staff.problems
    assert done.returncode == 0, done.stderr
    assert at_the_end > 3, "nobody worked while the backup was taken"
    with tarfile.open(target) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
    return target, manifest, before, counted(bank.home)


@pytest.fixture
def empty():
    home = make_home()
    yield home
    clear(home)


def is_empty(home):
    return not any(path.is_file() for path in home.rglob("*") if path.parent.name != "run")


def test_a_backup_under_load_is_of_one_moment_in_it(taken):
    _, manifest, before, after = taken
    counts = manifest["snapshot"]["counts"]
    assert before[0] < counts["core_auditevent"] < after[0]
    assert before[1] < counts["customers_task"] < after[1]
    assert counts["core_auditevent"] == counts["core_auditseal"] + counts["core_auditpending"]
    assert "django_session" not in counts
    assert manifest["problems"] == []


def test_restored_into_an_empty_place_the_bank_goes_on_as_it_was(taken, phrase, empty, browser):
    target, manifest, _, _ = taken
    done = command(empty, "restore", str(target), "--passphrase-file", str(phrase), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["differences"], told["findings"]) == ([], [])
    verified = json.loads(command(empty, "audit", "verify", "--json").stdout)
    assert verified["findings"] == []
    assert verified["sealed"] == verified["last_head"] == manifest["snapshot"]["chain_position"] > 0
    served(Bank(empty), browser)
    after = json.loads(command(empty, "audit", "verify", "--json").stdout)
    assert after["findings"] == []
    assert after["sealed"] > verified["sealed"], "the chain goes on"


def served(restored, browser):
    """Somebody logs in at the restored bank with the password they had, and opens a customer."""
    restored.port = free_port()
    log = restored.home / "logs" / "serve.log"
    with log.open("wb") as out:
        line = [str(BANKCRM), "--home", str(restored.home), "serve", "--port", str(restored.port), "--workers", "1"]
        restored.server = subprocess.Popen(
            line, cwd=ROOT, env=environment(), stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        while f":{restored.port}/" not in log.read_text():
            assert restored.server.poll() is None, log.read_text()
            time.sleep(0.1)
        teller = Teller(restored.url, employee("relationship_manager"), restored_password(restored))
        page = teller.get(f"/customers/{teller.customers[0]}/")
        assert "drill 0" in page or "drill 0" in teller.get(f"/customers/{teller.customers[0]}/contacts/")
        assert "2026-11-22" in page, "the lake's figures are there"
        teller.work("after the restore")
    finally:
        restored.server.terminate()
        restored.server.wait(60)


def restored_password(restored):
    """The demonstration's password is drawn from a secret of the home, so it goes along."""
    return re.search(r"password of all: (\S+)", restored.run("demo", "logins")).group(1)


def test_a_home_that_is_in_use_is_never_restored_over(taken, phrase, bank):
    before = counted(bank.home)
    done = command(bank.home, "restore", str(taken[0]), "--passphrase-file", str(phrase))
    assert done.returncode == 1
    assert "is not empty" in done.stderr
    assert "lake/" in done.stderr
    assert counted(bank.home)[1] == before[1]


def test_a_backup_with_one_byte_changed_is_refused_and_nothing_is_touched(taken, phrase, empty, tmp_path):
    content = bytearray(taken[0].read_bytes())
    content[len(content) // 2] ^= 1
    bad = tmp_path / "bad.tar"
    bad.write_bytes(content)
    done = command(empty, "restore", str(bad), "--passphrase-file", str(phrase))
    assert done.returncode == 1
    assert "altered" in done.stderr
    assert is_empty(empty)


def test_a_restore_that_breaks_off_half_way_leaves_an_empty_home(taken, phrase, empty):
    """PostgreSQL refuses what has the right digest and is no dump: made with the home's own key."""
    from bankcrm.config.backup.tests.forging import with_another_dump

    forged = phrase.with_name("forged.tar")
    with_another_dump(taken[0], forged, PASSPHRASE, b"no dump at all")
    done = command(empty, "restore", str(forged), "--passphrase-file", str(phrase))
    assert done.returncode == 3
    assert "pg_restore failed" in done.stderr
    assert is_empty(empty)
