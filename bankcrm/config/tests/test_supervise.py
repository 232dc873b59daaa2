import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from bankcrm.config.cli import supervise
from bankcrm.config.cli.supervise import FALLS_ALLOWED, Process, Supervisor


@pytest.fixture
def process(tmp_path):
    """Makes kept processes out of a line of Python; ends what is left of them."""
    made = []

    def make(code, name="helper"):
        kept = Process(name, [sys.executable, "-c", code], dict(os.environ), tmp_path / f"{name}.log")
        made.append(kept)
        return kept

    yield make
    Supervisor(made).stop()


def wait_for(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_process_that_fell_over_is_started_again(process):
    kept = process("import time; time.sleep(60)")
    kept.start()
    first = kept.handle.pid
    os.kill(first, signal.SIGKILL)
    wait_for(kept.fallen)
    Supervisor([kept]).check()
    assert kept.handle.pid != first
    assert not kept.fallen()


def test_a_process_that_keeps_falling_over_is_given_up_with_its_last_words(process):
    kept = process("print('the moon is missing')")
    supervisor = Supervisor([kept])
    kept.start()
    with pytest.raises(click.ClickException, match="the moon is missing"):
        for _ in range(FALLS_ALLOWED + 1):
            wait_for(kept.fallen)
            supervisor.check()


def test_stopping_stops_everything_also_what_will_not(process, monkeypatch):
    monkeypatch.setattr(supervise, "STOP_SECONDS", 1.0)
    gentle = process("import time; time.sleep(60)", "gentle")
    stubborn = process(
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n",
        "stubborn",
    )
    for kept in (gentle, stubborn):
        kept.start()
    wait_for(lambda: "ready" in stubborn.log.read_text())
    supervisor = Supervisor([gentle, stubborn])
    supervisor.stop()
    assert gentle.fallen()
    assert stubborn.handle.returncode == -signal.SIGKILL


def test_children_end_when_the_supervisor_is_killed(tmp_path):
    code = (
        "import os, pathlib, sys, time\n"
        "from bankcrm.config.cli.supervise import Process\n"
        "child = Process('child', [sys.executable, '-c', 'import time; time.sleep(60)'], dict(os.environ),\n"
        "                pathlib.Path(sys.argv[1]))\n"
        "child.start()\n"
        "print(child.handle.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "log")], stdout=subprocess.PIPE, text=True)
    with parent:
        child = int(parent.stdout.readline())
        parent.kill()

    def gone():
        try:
            return Path(f"/proc/{child}/stat").read_text().split()[2] == "Z"
        except FileNotFoundError:
            return True

    wait_for(gone)
    assert gone() and parent.returncode == -signal.SIGKILL
