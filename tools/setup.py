"""Makes .venv with everything bankcrm needs: `python3.11 tools/setup.py`. Quick when there is nothing to do.

Needs only the standard library, since it runs before anything is installed. The requirement files hold hashes but no
addresses: uv asks the index that pip is configured with, so a bank's own mirror works as it is.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import assets

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
STAMP = VENV / ".bankcrm-stamp"
LOWEST = (3, 11)
NEEDED_BYTES = 1_600_000_000  # the environment takes 0.8 GB; uv unpacks it beside, where it cannot link


class SetupError(Exception):
    """Set-up cannot go on; the message says what to do."""


def say(text: str) -> None:
    """One line of progress."""
    print(f"setup: {text}", flush=True)


def check_python() -> None:
    """Raises SetupError for a Python that is too old or lacks venv."""
    if sys.version_info < LOWEST:
        raise SetupError(f"Python {LOWEST[0]}.{LOWEST[1]} or newer is needed; this is {sys.version.split()[0]}.")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        raise SetupError(f"Python's venv module is missing. Install it first: apt-get install {package}") from error


def check_disk() -> None:
    """Raises SetupError when the disk cannot take the environment."""
    if STAMP.exists():
        return
    there = sum(path.lstat().st_size for path in VENV.rglob("*")) if VENV.exists() else 0
    free, needed = shutil.disk_usage(ROOT).free, max(NEEDED_BYTES - there, 0)
    if free < needed:
        raise SetupError(
            f"only {free / 1e9:.1f} GB free under {ROOT}; set-up needs {needed / 1e9:.1f} GB. "
            "Free some space and run it again."
        )


def run(command: list[str], failure: str, environment: dict[str, str] | None = None) -> None:
    """Runs a command quietly; on failure raises SetupError with `failure` and the last lines it said."""
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    said = (done.stderr or done.stdout).strip()
    if "No space left on device" in said or "os error 28" in said:
        raise SetupError("the disk is full. Free some space and run this again; what is done so far is kept.")
    raise SetupError(f"{failure}\n  " + "\n  ".join(said.splitlines()[-12:]))


def make_venv() -> None:
    """Makes .venv, or makes it anew when its Python is gone or older than we need."""
    if PYTHON.exists() and UV.exists():
        check = f"import sys; sys.exit(sys.version_info < {LOWEST})"
        if subprocess.run([str(PYTHON), "-c", check], check=False, capture_output=True).returncode == 0:
            return
    say(f"making {VENV.name} with Python {sys.version.split()[0]}")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], "the virtual environment could not be made.")


def install_uv(wheels: Path | None) -> None:
    """Installs the pinned uv with pip, checked by hash."""
    say("installing uv")
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    command += ["--only-binary", ":all:", "-r", "requirements/uv.txt"]
    if wheels:
        command += ["--no-index", "--find-links", str(wheels)]
    run(command, "uv could not be installed. Check the network and pip's index setting, or use an offline bundle.")


def uv_environment() -> dict[str, str]:
    """The environment for uv: pip's configured index and certificate, which uv does not read by itself."""
    environment = dict(os.environ, VIRTUAL_ENV=str(VENV), UV_PYTHON=str(PYTHON), UV_PYTHON_DOWNLOADS="never")
    command = [str(PYTHON), "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    settings: dict[str, str] = {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        settings[name.rsplit(".", 1)[-1]] = value.strip().strip("'\"")
    if "index-url" in settings:
        environment.setdefault("UV_DEFAULT_INDEX", settings["index-url"])
    if "cert" in settings:
        environment.setdefault("SSL_CERT_FILE", settings["cert"])
    return environment


def install_packages(files: list[Path], wheels: Path | None) -> None:
    """Makes .venv hold exactly the packages of the requirement files, then bankcrm itself."""
    say("installing the libraries (about 100, by hash)")
    environment = uv_environment()
    offline = ["--no-index", "--find-links", str(wheels)] if wheels else []
    failure = (
        "the libraries could not be installed. Check the network and pip's index setting, or use an offline bundle."
    )
    names = [str(path) for path in files]
    run([str(UV), "pip", "sync", "--quiet", "--require-hashes", *offline, *names], failure, environment)
    itself = [str(UV), "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--offline", "-e", "."]
    run(itself, "bankcrm itself could not be installed into .venv.", environment)


def fingerprint(files: list[Path]) -> str:
    """Changes whenever a requirement file, the entry points or the Python version change."""
    digest = hashlib.sha256(sys.version.encode())
    for path in [*files, ROOT / "pyproject.toml"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def compile_translations() -> None:
    """Compiles the message catalogues that are newer than their compiled form."""
    script = ROOT / "tools" / "translations.py"
    run([str(PYTHON), str(script), "compile"], "the translations could not be compiled.")


def main(words: list[str] | None = None) -> int:
    """Command line of this script; exit code 0 or, with a message, 3."""
    parser = argparse.ArgumentParser(description="Make .venv with everything bankcrm needs.")
    parser.add_argument("--no-dev", action="store_true", help="leave the tools for tests and checks out")
    parser.add_argument("--extra", action="append", default=[], choices=["ldap", "spark"], help="an optional part")
    parser.add_argument("--offline", type=Path, help="folder of a bundle made with `make bundle`; no network is used")
    arguments = parser.parse_args(words)
    names = ["base" if arguments.no_dev else "dev", *arguments.extra]
    files = [ROOT / "requirements" / f"{name}.txt" for name in [*names, "uv"]]
    wheels = arguments.offline.resolve() / "wheels" if arguments.offline else None
    started = time.monotonic()
    try:
        check_python()
        check_disk()
        make_venv()
        mark = fingerprint(files)
        if not STAMP.exists() or STAMP.read_text(encoding="utf-8") != mark:
            if not UV.exists():
                install_uv(wheels)
            install_packages(files, wheels)
            STAMP.write_text(mark, encoding="utf-8")
        if assets.install(arguments.offline.resolve() / "assets" if arguments.offline else None):
            say("fetched the browser's libraries")
        compile_translations()
    except (SetupError, assets.AssetError) as error:
        print(f"setup: {error}", file=sys.stderr)
        return 3
    except OSError as error:
        print(
            f"setup: {error.strerror or error}. Free some space or fix the rights, then run it again.", file=sys.stderr
        )
        return 3
    say(f"ready ({time.monotonic() - started:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
