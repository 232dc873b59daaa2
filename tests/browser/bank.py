"""A whole demonstration bank in a folder of its own, made, served and taken away by the command line."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BANKCRM = ROOT / ".venv" / "bin" / "bankcrm"
PREFIX = "bankcrm-browser-"
SIZE = "800"
"""The smallest bank of this seed in which two source customers show one document under different names."""
HISTORY = "2026-11-22"
NEXT_DAY = "2026-11-23"
START_SECONDS = 600  # a limit for what hangs; alone on two cores it takes about a minute
"""Making and serving takes about 40 s alone on two cores; past this, something hangs."""
OURS = ("BANKCRM_HOME", "BANKCRM_DB_ROLE", "BANKCRM_LAKE_QUERY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")


@dataclass
class Bank:
    """The bank's folder and, once it is served, its address and the cast's password."""

    home: Path
    port: int = 0
    password: str = ""
    server: subprocess.Popen[bytes] | None = None
    deadline: float = field(default_factory=lambda: time.monotonic() + START_SECONDS)

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def inbox(self) -> Path:
        """Where its upstream systems put their deliveries."""
        return self.home / "inbox"

    def run(self, *arguments: str, seconds: float = 60) -> str:
        """One `bankcrm` command on this bank. RuntimeError with what it said when it fails or hangs."""
        command = [str(BANKCRM), "--home", str(self.home), *arguments]
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=max(1, seconds)
            )
        except subprocess.TimeoutExpired as error:
            raise RuntimeError(f"`bankcrm {' '.join(arguments)}` did not end in {seconds:.0f} s") from error
        if done.returncode != 0:
            raise RuntimeError(f"`bankcrm {' '.join(arguments)}` ended with {done.returncode}:\n{done.stderr[-3000:]}")
        return done.stdout

    def start(self) -> None:
        """Generates, loads and serves. RuntimeError when that is not done in time."""
        self.run("demo", "generate", "--size", SIZE, "--date", HISTORY, seconds=self._left())
        told = self.run("demo", "load", seconds=self._left())
        self.password = told.rsplit("password of all:", 1)[1].split()[0]
        self.port = free_port()
        log = self.home / "serve.log"
        with log.open("wb") as out:
            self.server = subprocess.Popen(
                [str(BANKCRM), "--home", str(self.home), "serve", "--port", str(self.port)],
                cwd=ROOT, env=environment(), stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        while f":{self.port}/" not in log.read_text():
            if self.server.poll() is not None or self._left() <= 1:
                raise RuntimeError(f"`bankcrm serve` does not serve:\n{log.read_text()[-3000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stops everything and removes the folder."""
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            try:
                self.server.wait(45)
            except subprocess.TimeoutExpired:
                os.killpg(self.server.pid, signal.SIGKILL)
                self.server.wait(10)
        clear(self.home)

    def _left(self) -> float:
        return self.deadline - time.monotonic()


def environment() -> dict[str, str]:
    """The environment of a bank of its own: without what points the other tests at theirs."""
    return {name: value for name, value in os.environ.items() if name not in OURS}


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_home() -> Path:
    """An empty folder that PostgreSQL may enter when root starts it as somebody else; named after this process."""
    for left_over in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = left_over.name.removeprefix(PREFIX).split("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and left_over.stat().st_uid == os.geteuid():
            clear(left_over)  # of a run that was killed
    home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    home.chmod(0o755)
    return home


def clear(home: Path) -> None:
    """Stops what still runs for a home and removes it."""
    subprocess.run(
        [str(BANKCRM), "--home", str(home), "stop"],
        cwd=ROOT, env=environment(), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    shutil.rmtree(home, ignore_errors=True)
