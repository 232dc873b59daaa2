"""Keeps the processes of `serve` running: starts them, keeps their logs, starts anew what fell over, stops all."""

import ctypes
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

import click

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 15.0  # a worker may finish its job; then it is ended, and the job is taken up again at the next start
FALLS_ALLOWED = 5  # within FALLS_SECONDS; more is no accident
FALLS_SECONDS = 60


def _end_with_parent() -> None:
    """Linux ends the child when the supervisor is killed, so that no orphan keeps the port."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Process:
    """One kept process."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    handle: subprocess.Popen[bytes] | None = None
    falls: list[float] = field(default_factory=list)
    output: IO[bytes] | None = None

    def start(self) -> None:
        """Starts it in a session of its own: Ctrl-C reaches the supervisor alone, which stops in good order."""
        if self.output is None:
            self.output = self.log.open("ab")
        self.handle = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def fallen(self) -> bool:
        """Whether it ended by itself."""
        return self.handle is not None and self.handle.poll() is not None

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])


class Supervisor:
    """The processes in the order of their start; they stop in the opposite order."""

    def __init__(self, processes: list[Process]) -> None:
        self.processes = processes
        self.stopping = False

    def start(self) -> None:
        """Starts all and listens to SIGINT, SIGTERM and SIGHUP."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        for process in self.processes:
            process.start()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def watch(self) -> None:
        """Looks after all until told to stop. Raises ClickException when one keeps falling over."""
        while not self.stopping:
            self.check()
            time.sleep(0.2)

    def check(self) -> None:
        """Starts again what fell over."""
        for process in self.processes:
            if not process.fallen() or self.stopping:
                continue
            now = time.monotonic()
            process.falls = [moment for moment in process.falls if now - moment < FALLS_SECONDS] + [now]
            if len(process.falls) > FALLS_ALLOWED:
                raise click.ClickException(
                    f"{process.name} keeps ending; the end of {process.log}:\n{process.last_words()}"
                )
            click.echo(f"{process.name} ended; starting it again (log: {process.log})", err=True)
            time.sleep(0.2 * len(process.falls))
            process.start()

    def stop(self) -> None:
        """Stops all; ends what does not stop in time."""
        self.stopping = True
        for process in reversed(self.processes):
            if process.handle is not None and process.handle.poll() is None:
                process.handle.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in reversed(self.processes):
            if process.handle is None:
                continue
            try:
                process.handle.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.handle.pid, signal.SIGKILL)
                process.handle.wait()
            if process.output is not None:
                process.output.close()
