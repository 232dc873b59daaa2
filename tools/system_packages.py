"""Installs what `make test` needs from Debian: Chromium and a Chinese font. Says what to do where it may not.

The servers against which the bank's outer logins are tested (a directory, and the tool that signs for a SAML provider)
are installed as well where that is allowed; without them those tests are skipped and say so.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def has_browser() -> bool:
    """Whether some Chromium is installed."""
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def has_chinese_font() -> bool:
    """Whether a screenshot would show Chinese and not boxes."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())


SERVERS = {"slapd": "/usr/sbin/slapd", "xmlsec1": "/usr/bin/xmlsec1"}


def missing_servers() -> list[str]:
    """The Debian packages of servers for tests that are not there."""
    return [name for name, program in SERVERS.items() if not Path(program).exists()]


def missing() -> list[str]:
    """The Debian packages that are needed and not there."""
    wanted = [] if has_browser() else ["chromium"]
    return wanted if has_chinese_font() else [*wanted, "fonts-noto-cjk", "fontconfig"]


def administrator() -> list[str] | None:
    """The words before a command that make it run as root, or None where that is not allowed."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def main() -> int:
    """Exit code 0 when everything is there, else 3."""
    wanted, servers = missing(), missing_servers()
    if not wanted and not servers:
        return 0
    before = administrator()
    may_install = before is not None and bool(shutil.which("apt-get"))
    if not may_install and not wanted:
        print(f"tests against {' and '.join(servers)} will be skipped: not installed here", file=sys.stderr)
        return 0
    if before is None or not may_install:
        print(f"The browser tests need: {' '.join(wanted)}. Ask an administrator:", file=sys.stderr)
        print(f"  apt-get install --no-install-recommends {' '.join(wanted)}", file=sys.stderr)
        return 3
    print(f"installing {' '.join(wanted + servers)} …", flush=True)
    quiet = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q=2", "-o=Dpkg::Use-Pty=0"]
    # An update may fail where a mirror needs none: the install says whether it mattered.
    subprocess.run([*quiet, "update"], check=False, stdin=subprocess.DEVNULL)
    install = [*quiet, "install", "--no-install-recommends"]
    if servers:  # each by itself: where one is not to be had, its tests are skipped
        for name in servers:
            subprocess.run([*install, name], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    if not wanted:
        return 0
    done = subprocess.run([*install, *wanted], check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    if done.returncode != 0 or missing():
        print(f"Could not install {' '.join(wanted)}; see above.", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
