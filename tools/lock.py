"""Compiles requirements/*.txt from pyproject.toml, with hashes and without any address: `make lock`."""

import subprocess
import sys
import tempfile
from pathlib import Path

import setup

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes"]
SILENT = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]
EXTRAS = ("dev", "ldap", "saml", "spark")


def compile_file(source: str, name: str, *arguments: str) -> None:
    """Compiles one requirement file; raises SetupError when the versions do not go together."""
    target = f"requirements/{name}.txt"
    command = [str(setup.UV), "pip", "compile", source, *arguments, *OPTIONS, *SILENT, "--output-file", target]
    setup.run(command, f"{target} could not be compiled.", setup.uv_environment())


def main() -> int:
    """`--upgrade` also takes newer versions of what is locked already."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    try:
        compile_file("pyproject.toml", "base", *upgrade)
        for extra in EXTRAS:
            # The extras are laid over base, so they must agree with it.
            compile_file("pyproject.toml", extra, "--extra", extra, "--constraint", "requirements/base.txt", *upgrade)
        with tempfile.NamedTemporaryFile("w", suffix=".in") as wanted:
            version = subprocess.run([str(setup.UV), "--version"], capture_output=True, text=True, check=True)
            wanted.write(f"uv=={version.stdout.split()[1]}\n")
            wanted.flush()
            compile_file(wanted.name, "uv")
    except setup.SetupError as error:
        print(f"lock: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
