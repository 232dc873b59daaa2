"""`make bundle`: wheels, the browser's libraries and the source in one archive that installs with no network.

The archive serves machines of this kind (same processor, a C library no older, the same Python version). PostgreSQL
comes with the wheels.
"""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import assets
import setup

ROOT = setup.ROOT
INSTALL = """\
bankcrm, to be installed with no network
========================================

Needs Python {python} with its venv module, on a machine like the one this was made on. Then, in this folder:

    python{python} tools/setup.py --offline bundle --no-dev
    .venv/bin/bankcrm --home /srv/bank serve

`python{python} tools/setup.py --offline bundle` (without --no-dev) also installs what tests and checks need.
Everything else stands in README.md.
"""


def download_wheels(folder: Path) -> None:
    """The locked wheels, checked by hash, and uv itself. What comes as source only is built here."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    command += ["--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
    for name in ("dev", "uv"):
        failure = (
            f"the wheels of requirements/{name}.txt could not be fetched. Check the network and pip's index setting."
        )
        setup.run([*command, "-r", f"requirements/{name}.txt"], failure)


def source_files() -> list[str]:
    """What git knows, as it is in the working tree."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [name for name in listed if name and (ROOT / name).is_file()]


def main() -> int:
    """Writes dist/bankcrm-….tar.gz and says where it is."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    target = ROOT / "dist" / f"bankcrm-offline-python{python}.tar.gz"
    target.parent.mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            parts = Path(folder)
            (parts / "INSTALL.txt").write_text(INSTALL.format(python=python), encoding="utf-8")
            setup.say("fetching the wheels")
            download_wheels(parts / "bundle" / "wheels")
            setup.say("fetching the browser's libraries")
            assets.save(parts / "bundle" / "assets")
            setup.say("packing")
            partial = target.with_name(target.name + ".part")
            with tarfile.open(partial, "w:gz", compresslevel=1) as archive:  # wheels are compressed already
                archive.add(parts / "INSTALL.txt", "bankcrm/INSTALL.txt")
                archive.add(parts / "bundle", "bankcrm/bundle")
                for name in source_files():
                    archive.add(ROOT / name, f"bankcrm/{name}")
            partial.replace(target)
    except (setup.SetupError, assets.AssetError) as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 3
    print(f"{target} ({target.stat().st_size / 1e6:.0f} MB). INSTALL.txt inside says how to go on.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
