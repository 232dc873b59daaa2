"""`make demo`: from a fresh clone to the demonstration bank in the browser. Each step may be broken off and repeated.

Runs on the machine's own Python: .venv may not be there yet.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import setup

ROOT = setup.ROOT
BANKCRM = ROOT / ".venv" / "bin" / "bankcrm"
SIZE = 20_000
BYTES_PER_CUSTOMER = 40_000  # generated files, landed files, lake and database together, measured at 20,000


class DemoError(Exception):
    """The demonstration cannot go on; the message says what to do."""


def default_home() -> Path:
    """The same as the command line's."""
    return Path(os.environ.get("BANKCRM_HOME") or ROOT / "var" / "bank").expanduser().absolute()


def check_port(host: str, port: int) -> None:
    """Before minutes of work: somebody else may have the port."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise DemoError(
                f"port {port} cannot be used ({error.strerror}). Take another one: make demo PORT={port + 1}; "
                "or stop what uses it (`make stop` when it is this demonstration)."
            ) from error


def check_disk(home: Path, size: int) -> None:
    """Before minutes of work: the bank must fit."""
    place = next(path for path in [home, *home.parents] if path.exists())
    free, needed = shutil.disk_usage(place).free, size * BYTES_PER_CUSTOMER
    if free < needed:
        raise DemoError(
            f"{free / 1e9:.1f} GB are free at {place}; {size:,} customers need about {needed / 1e9:.1f} GB. "
            "Free some space, take a smaller bank (make demo SIZE=2000), or put it elsewhere (BANKCRM_HOME=/big/bank)."
        )


def check_size(home: Path, size: int | None) -> tuple[int, bool]:
    """The bank's size, and whether it is complete already. Without a wish, what is there goes on.

    Raises DemoError when the home holds a bank of another size than wished for.
    """
    try:
        kept = json.loads((home / "demo.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return size or SIZE, False
    if size is not None and kept["size"] != size:
        raise DemoError(
            f"{home} holds a demonstration bank of {kept['size']:,} customers. Serve that one (make demo "
            f"SIZE={kept['size']}), or make this one elsewhere: make demo SIZE={size} BANKCRM_HOME={home}-{size}"
        )
    return int(kept["size"]), bool(kept["loaded"])


def remember(home: Path, size: int, *, loaded: bool) -> None:
    """Keeps how far the demonstration has come."""
    home.mkdir(parents=True, exist_ok=True)
    partial = home / "demo.json.part"
    partial.write_text(json.dumps({"size": size, "loaded": loaded}), encoding="utf-8")
    partial.replace(home / "demo.json")


def run(home: Path, *arguments: str) -> None:
    """One `bankcrm` command; its own message stands for itself when it fails."""
    done = subprocess.run([str(BANKCRM), "--home", str(home), *arguments], cwd=ROOT, check=False)
    if done.returncode != 0:
        raise DemoError(
            f"`bankcrm {' '.join(arguments)}` ended with exit code {done.returncode}; see above. "
            "`make demo` goes on from here once that is put right; `.venv/bin/bankcrm doctor` may know more."
        )


def main() -> int:
    """Exit code 0 after Ctrl-C; 3, with a message, when the environment does not allow it."""
    parser = argparse.ArgumentParser(description="Generate, load and serve the demonstration bank.")
    parser.add_argument("--size", type=int, help=f"number of customers (default {SIZE})")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--home", type=Path, default=default_home())
    arguments = parser.parse_args()
    home = arguments.home.expanduser().absolute()
    started = time.monotonic()
    try:
        check_port(arguments.host, arguments.port)
        size, loaded = check_size(home, arguments.size)
        if (code := setup.main([])) != 0:
            return code
        if not loaded:
            check_disk(home, size)
            make_bank(home, size)
            print(f"demo: the bank is ready ({time.monotonic() - started:.0f} s)", flush=True)
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\ndemo: broken off; `make demo` goes on from here.", file=sys.stderr)
        return 130
    serve = ["serve", "--demo-logins", "--host", arguments.host, "--port", str(arguments.port)]
    os.chdir(ROOT)
    return os.execv(  # noqa: S606 - Ctrl-C must reach the command itself
        BANKCRM, [str(BANKCRM), "--home", str(home), *serve, "--workers", str(arguments.workers)]
    )


def make_bank(home: Path, size: int) -> None:
    """Generates the upstream files and loads them through the same door as a real bank's."""
    remember(home, size, loaded=False)
    print(f"demo: generating the files of {size:,} customers", flush=True)
    run(home, "demo", "generate", "--size", str(size))
    print("demo: loading them", flush=True)
    run(home, "demo", "load")
    remember(home, size, loaded=True)


if __name__ == "__main__":
    sys.exit(main())
