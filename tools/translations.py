"""Message catalogues without gettext's programs: `translations.py compile`, `translations.py check`.

Each app keeps `locale/zh_Hans/LC_MESSAGES/django.po`, written by hand; the compiled files are not committed. `check`
reads every string that Python and templates mark for translation and fails when one lacks its Chinese.
"""

import argparse
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# function → which arguments are the message, its plural and its context (as Babel writes it)
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
DJANGO_PARTS = ("auth", "contenttypes", "postgres", "sessions")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


def catalogues() -> list[Path]:
    """The message catalogues of all apps."""
    return sorted(ROOT.glob("bankcrm/*/locale/*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    """One catalogue. Raises PoFileError when it is not well-formed."""
    with path.open("rb") as source:
        return read_po(source, locale="zh_Hans", abort_invalid=True)


def compile_all() -> int:
    """Compiles what is newer than its compiled form; returns how many."""
    count = 0
    for path in catalogues():
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        partial = target.with_suffix(f".{os.getpid()}.part")
        with partial.open("wb") as compiled:
            write_mo(compiled, read(path))
        partial.replace(target)
        count += 1
    return count


def sources(app: Path) -> Iterator[Path]:
    """The files of an app that may hold strings; tests and migrations do not speak to users."""
    for path in sorted([*app.rglob("*.py"), *app.glob("templates/**/*")]):
        if path.is_file() and not {"tests", "migrations", "__pycache__"} & set(path.relative_to(app).parts):
            yield path


def marked(path: Path) -> Iterator[tuple[int, str | None, str]]:
    """(line, context, message) of each marked string; templates are turned into Python by Django itself."""
    content = path.read_bytes()
    if path.suffix != ".py":
        from django.utils.translation import templatize

        content = templatize(content.decode(), origin=str(path)).encode()
    for line, function, arguments, _comments in extract_python(io.BytesIO(content), KEYWORDS, [], {}):
        parts = arguments if isinstance(arguments, tuple) else (arguments,)
        in_context = bool(function) and "pgettext" in function
        context, message = (parts[0], parts[1]) if in_context and len(parts) > 1 else (None, parts[0])
        if message:
            yield line, context, message


def translated(catalogue: Catalog, message: str, context: str | None) -> str:
    """The Chinese of a message, empty when there is none or only a guess."""
    found = catalogue.get(message, context)
    if found is None or found.fuzzy:
        return ""
    return found.string if isinstance(found.string, str) else " ".join(found.string)


def placeholders(text: str) -> set[str]:
    """The names a message fills in."""
    return {found[0] for found in PLACEHOLDER.finditer(text)}


def known_to_django() -> Catalog:
    """Django's own strings: its forms and validators speak Chinese already. Only of the parts that are installed."""
    import django

    folder = Path(django.__file__).parent
    catalogue = Catalog(locale="zh_Hans")
    for path in [folder / "conf/locale/zh_Hans", *(folder / f"contrib/{part}/locale/zh_Hans" for part in DJANGO_PARTS)]:
        for message in read(path / "LC_MESSAGES" / "django.po"):
            if message.id and message.string:
                catalogue[message.id] = message
    return catalogue


def problems() -> Iterator[str]:
    """Marked strings without Chinese, and Chinese that fills in other names than the English."""
    fallback = known_to_django()
    for message in read(ROOT / "bankcrm/core/locale/zh_Hans/LC_MESSAGES/django.po"):
        if message.id and message.string and not message.fuzzy:
            fallback[message.id] = message  # the chassis speaks for all apps: Save, Cancel, Yes …
    for app in sorted(path for path in (ROOT / "bankcrm").iterdir() if path.is_dir()):
        own = app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
        catalogue = read(own) if own.exists() else Catalog(locale="zh_Hans")
        for path in sources(app):
            for line, context, message in marked(path):
                chinese = translated(catalogue, message, context) or translated(fallback, message, context)
                place = f"{path.relative_to(ROOT)}:{line}"
                if not chinese:
                    yield f"{place}: no Chinese for {message!r}" + (f" in context {context!r}" if context else "")
                elif placeholders(chinese) - placeholders(message):
                    yield f"{place}: the Chinese of {message!r} fills in something else: {chinese!r}"


def quarrels() -> Iterator[str]:
    """Messages for which two apps have different Chinese: only one of them reaches the pages, wherever it is meant."""
    known: dict[tuple[str | None, str], tuple[Path, str]] = {}
    for path in catalogues():
        for message in read(path):
            words = message.string if isinstance(message.string, str) else " ".join(message.string)
            text = message.id if isinstance(message.id, str) else message.id[0]
            where, said = known.setdefault((message.context, text), (path, words))
            if text and said != words:
                apps = f"{where.parts[-5]} says {said!r}, {path.parts[-5]} {words!r}"
                yield f"{text!r} has two words in Chinese: {apps}; unite them, or give one a context or other English"


def main() -> int:
    """Command line of this script; exit code 0, or 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["compile", "check"])
    try:
        if parser.parse_args().command == "compile":
            compile_all()
            return 0
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bankcrm.config.settings")
        import django

        django.setup()
        found = [*problems(), *quarrels()]
    except PoFileError as error:
        print(f"translations: {error}", file=sys.stderr)
        return 1
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
