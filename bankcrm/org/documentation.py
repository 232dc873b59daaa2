"""The tables of `docs/security.md`, made from the code that enforces them: `python -m bankcrm.org.documentation`."""

import os
from collections.abc import Iterable

BEGIN = "<!-- made from the code: python -m bankcrm.org.documentation -->"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def render() -> str:
    """Who may do what, and what is plain to whom, in English with the Chinese names of the roles."""
    from django.utils import translation

    from bankcrm.core.masking import CLASSES, PLAIN_CLASSES, SECRET_CLASSES
    from bankcrm.core.permissions import permissions
    from bankcrm.core.scope import Scope
    from bankcrm.org.clearance import clearance
    from bankcrm.org.roles import ROLES

    with translation.override("zh-hans"):
        chinese = {code: str(role.label) for code, role in ROLES.items()}
    with translation.override("en"):
        known = permissions()
        roles = [
            (f"{role.label} {chinese[code]}", "<br>".join(f"`{one}`" for one in known if one in role.permissions))
            for code, role in ROLES.items()
        ]
        meaning = [(f"`{one.code}`", str(one.label), "yes" if one.writes else "") for one in known.values()]
        shown = sorted(CLASSES - PLAIN_CLASSES - SECRET_CLASSES)
        plain = []
        for code, role in ROLES.items():
            scope = Scope(None, code, role=code)
            cells = [clearance(scope, relation).plain_classes for relation in ("own", "in_scope", "verified")]
            texts = ["all" if set(shown) <= cell else ", ".join(sorted(cell)) or "nothing" for cell in cells]
            hidden = clearance(scope, "own").hidden_classes
            kept = "all" if set(shown) <= hidden else ", ".join(sorted(hidden)) or "–"
            plain.append((f"{role.label} {chinese[code]}", *texts, kept))
    return "\n\n".join(
        [
            BEGIN,
            table(["permission", "what it allows", "writes"], meaning),
            table(["role", "permissions"], roles),
            table(
                [
                    "role",
                    "plain for one's own customers",
                    "plain for others in scope",
                    "once their caller is verified",
                    "hidden",
                ],
                plain,
            ),
            f"Personal field classes: {', '.join(shown)}.",
        ]
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bankcrm.config.settings")
    import django

    django.setup()
    print(render())  # noqa: T201 - this is its work
