"""Compiles every template with Django's own parser, and holds pages to the strict content security policy."""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bankcrm.config.settings")

FORBIDDEN = {
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>": "inline script: put it in a static file",
    r"<style[\s>]": "inline style sheet: put it in a static file",
    r"\sstyle\s*=": "style attribute: use a class",
    r"\son[a-z]+\s*=\s*[\"']": "event handler attribute: use a static file",
    r"\shx-on[:\-]": "hx-on needs eval: use a static file",
    r"javascript:": "javascript: address",
    r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//": "address of another host",
    r"\|\s*safe\b": "|safe: build the HTML with format_html",
    r"\{%\s*autoescape\s+off": "autoescape off",
}
PATTERNS = {re.compile(pattern, re.IGNORECASE): reason for pattern, reason in FORBIDDEN.items()}
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", re.DOTALL)


def templates() -> list[tuple[str, Path]]:
    """(name, path) of each template of each app."""
    found = []
    for folder in sorted(ROOT.glob("bankcrm/*/templates")):
        found += [(str(path.relative_to(folder)), path) for path in sorted(folder.rglob("*")) if path.is_file()]
    return found


def broken_rules(text: str) -> list[str]:
    """What a page's source does that the content security policy or good sense forbids, with line numbers."""
    without_comments = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    problems = []
    for pattern, reason in PATTERNS.items():
        for found in pattern.finditer(without_comments):
            problems.append(f"{without_comments.count(chr(10), 0, found.start()) + 1}: {reason}")
    return problems


def main() -> int:
    """Exit code 1 when a template does not compile or breaks a rule."""
    import django
    from django.template import TemplateSyntaxError
    from django.template.loader import get_template

    django.setup()
    problems = []
    for name, path in templates():
        place = path.relative_to(ROOT)
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            problems.append(f"{place}: {error}")
        if path.suffix == ".html":
            problems += [f"{place}:{problem}" for problem in broken_rules(path.read_text(encoding="utf-8"))]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
