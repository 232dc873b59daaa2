"""Usage as a workbook or CSV."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.core.exporting import records
from bankcrm.core.exporting.cells import Cell, plain
from bankcrm.core.exporting.cover import Cover
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.exporting.writers import Head, writer_for
from bankcrm.core.models import ExportRecord
from bankcrm.core.scope import Scope
from bankcrm.org.queries import place_of
from bankcrm.system.usage import queries
from bankcrm.system.usage.forms import BY, UsageForm
from bankcrm.system.usage.queries import VIEW

LIST = "system.usage"
MOST_ROWS = 100_000
Row = Sequence[Cell]


@transaction.atomic
def make(format: str, form: UsageForm, *, query: str, by: Scope, scope: Scope, purpose: Purpose) -> ExportRecord:
    """Writes the table that a valid form asks for, whole, and records the file. Needs `system.usage`."""
    scope.require(VIEW)
    code, expires_at = records.new_code(), records.expiry()
    title = f"{_('Usage')} · {BY[form.table]}"
    told = _told(form)
    cover = Cover.of(
        scope, title=title, about=told, purpose=purpose, code=code, place=place_of(scope), expires_at=expires_at
    )
    heads, rows = (_idle if form.table == "idle" else _table)(scope, form)
    with tempfile.TemporaryDirectory(prefix="bankcrm-") as folder:
        path = Path(folder) / f"usage.{format}"
        writer, written = writer_for(path, cover, heads), 0
        for row in rows:
            writer.row(row)
            written += 1
        writer.close()
        content = records.Content(LIST, title, [head.label for head in heads], written, query, told)
        return records.keep(
            path, content=content, purpose=purpose, code=code, expires_at=expires_at, permission=VIEW, by=by
        )


def _told(form: UsageForm) -> str:
    """Period and filter in words."""
    wanted = form.wanted()
    role = queries.role_labels().get(wanted.role) if wanted.role else ""
    function = queries.function_labels().get(wanted.function) if wanted.function else ""
    parts = [wanted.period.text, wanted.unit.label if wanted.unit else "", role, function]
    return " · ".join(str(part) for part in parts if part)


def _table(scope: Scope, form: UsageForm) -> tuple[list[Head], Iterable[Row]]:
    found = queries.table(scope, form.wanted(), form.table, MOST_ROWS)  # type: ignore[arg-type]
    labels = [
        _("Active users"), _("Logins"), _("Page views"), _("Searches"), _("Contacts logged"), _("Reveals"),
        _("Exports"), _("Requests"), _("Mean in ms"), _("Slowest in ms"), _("Slow requests"), _("Errors"),
    ]  # fmt: skip
    heads = [Head("name", _("Name"), width=28), Head("code", _("Code"), width=16)]
    heads += [Head(f"n{place}", label, width=12) for place, label in enumerate(labels)]
    return heads, (_row(line) for line in found.lines)


def _row(line: queries.Line) -> Row:
    one = line.figures
    cells = (
        str(line.label), line.note, one.users, one.logins, one.views, one.searches, one.contacts, one.reveals,
        one.exports, one.requests, one.mean, one.worst, one.slow, one.errors,
    )  # fmt: skip
    return [plain(cell) for cell in cells]


def _idle(scope: Scope, form: UsageForm) -> tuple[list[Head], Iterable[Row]]:
    labels = [_("Employee number"), _("Staff name"), _("Home unit"), _("Roles"), _("Last login"), _("Days since")]
    heads = [Head(f"i{place}", label, width=18) for place, label in enumerate(labels)]
    users = list(queries.idle_users(scope, form.wanted())[:MOST_ROWS])
    return heads, (_idle_row(line) for line in queries.idle_lines(users))


def _idle_row(line: queries.Idle) -> Row:
    user = line.user
    last = f"{user.last_login.astimezone(dates.zone()):%Y-%m-%d %H:%M}" if user.last_login else _("never")
    return [plain(cell) for cell in (user.username, user.label, user.home_unit.label, line.roles, last, line.days)]
