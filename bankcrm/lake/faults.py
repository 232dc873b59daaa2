"""Points at which a test may kill the process, to show that no moment is a bad one.

Each step of the pipeline passes `checkpoint("<step>:before")` and `checkpoint("<step>:after")`. Where the environment
variable `BANKCRM_CRASH_AT` names that point, the process dies there as if its power were cut. Nothing else sets it.
"""

import os
import signal

VARIABLE = "BANKCRM_CRASH_AT"


def checkpoint(name: str) -> None:
    """Does nothing, unless `BANKCRM_CRASH_AT` is `name`: then the process is gone, with no clean-up (SIGKILL)."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
