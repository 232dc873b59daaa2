"""Points at which a test may kill the process or hold it up, to show that no moment is a bad one.

Each step of the pipeline passes `checkpoint("<step>:before")` and `checkpoint("<step>:after")`. Where the environment
variable `BANKCRM_CRASH_AT` names that point, the process dies there as if its power were cut. Where `BANKCRM_PAUSE_AT`
does, it makes the file `BANKCRM_PAUSE_FILE` and waits until somebody takes it away. Nothing else sets them.
"""

import os
import signal
import time
from pathlib import Path

VARIABLE = "BANKCRM_CRASH_AT"
PAUSE_AT, PAUSE_FILE = "BANKCRM_PAUSE_AT", "BANKCRM_PAUSE_FILE"
LONGEST_PAUSE = 60.0
"""Seconds after which a pause ends by itself: a test that has died must not leave a load behind."""


def checkpoint(name: str) -> None:
    """Does nothing, unless a test named this point: then the process is gone (SIGKILL, no clean-up), or waits."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
    if os.environ.get(PAUSE_AT) == name:
        _wait(Path(os.environ[PAUSE_FILE]))


def _wait(file: Path) -> None:
    file.touch()
    until = time.monotonic() + LONGEST_PAUSE
    while file.exists() and time.monotonic() < until:
        time.sleep(0.02)
