"""Installs what `make test` needs from Debian: Chromium and a Chinese font. Says what to do where it may not."""

import os
import shutil
import subprocess
import sys


def has_browser() -> bool:
    """Whether some Chromium is installed."""
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def has_chinese_font() -> bool:
    """Whether a screenshot would show Chinese and not boxes."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=False).stdout.strip())


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
    wanted = missing()
    if not wanted:
        return 0
    before = administrator()
    if before is None or not shutil.which("apt-get"):
        print(f"The browser tests need: {' '.join(wanted)}. Ask an administrator:", file=sys.stderr)
        print(f"  apt-get install --no-install-recommends {' '.join(wanted)}", file=sys.stderr)
        return 3
    print(f"installing {' '.join(wanted)} …", flush=True)
    quiet = [*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q=2", "-o=Dpkg::Use-Pty=0"]
    # An update may fail where a mirror needs none: the install says whether it mattered.
    subprocess.run([*quiet, "update"], check=False, stdin=subprocess.DEVNULL)
    install = [*quiet, "install", "--no-install-recommends", *wanted]
    done = subprocess.run(install, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    if done.returncode != 0 or missing():
        print(f"Could not install {' '.join(wanted)}; see above.", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
