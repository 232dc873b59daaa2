"""What the data of the published build give reason to: found set-wise, so that a million customers take seconds.

All is one transaction. Running it again for the same build changes nothing: an alert is one for its kind, customer,
object and occasion. What has lost its reason ends, and its open task with it; what comes back is opened again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import translation

from bankcrm.alerts import rules
from bankcrm.alerts.kinds import BY_KEY, DAYS_AHEAD, DOCUMENT_DAYS, MOVEMENT_DAYS, RULE_KINDS
from bankcrm.alerts.models import AlertRule
from bankcrm.alerts.queries.rules import all_effective
from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.core.working_days import working_day
from bankcrm.customers.models import ContactPlan, Customer
from bankcrm.customers.queries.permitted import CHANNEL_OF, FACE_TO_FACE, marketing_q, restricted
from bankcrm.customers.service_codes import ConsentChannel
from bankcrm.customers.task_codes import AlertKind
from bankcrm.feeds.models import BankSetting, Build, CalendarDay
from bankcrm.org.models import OrgUnit, Post

SQL = Path(__file__).resolve().parent.parent / "sql"
LOCK = 7_315_002
"""One number for "alerts are being found" among PostgreSQL's advisory locks; it goes with the transaction."""
CLOSING = time(18)
HEAD = "branch_head"


@dataclass(frozen=True)
class Found:
    """What a run changed. `ungiven`: open alerts that nobody has got, since no unit up the tree has a head."""

    created: int = 0
    reopened: int = 0
    ended: int = 0
    tasks: int = 0
    moved: int = 0
    ungiven: int = 0


@transaction.atomic
def find_alerts(*, by: Scope) -> Found:
    """Makes, gives, moves and ends alerts by the current build's data. Nothing before the first load."""
    build = Build.objects.filter(is_current=True).defer("manifest").first()
    if build is None:
        return Found()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        begin_rules(by=by)
        _lay_out_rules(cursor)
        _lay_out_heads(cursor)
        _find_ground(cursor, build.business_date)
        _leave_out_unwelcome(cursor)
        given = {"day": build.business_date, "now": dates.now(), "today": dates.today()}
        ended = _run(cursor, "end", {**given, "movement_days": MOVEMENT_DAYS, "document_days": DOCUMENT_DAYS})
        reopened = _run(cursor, "reopen", given)
        moved = _run(cursor, "move", given)
        _run(cursor, "give", given)
        tasks = _run(cursor, "task", given)
        created = _run(cursor, "create", given)
        _run(cursor, "hand_out", given)
        _run(cursor, "amount", given)
        cursor.execute("SELECT count(*) FROM alerts_alert WHERE ended_on IS NULL AND task_id IS NULL")
        found = Found(created, reopened, ended, tasks, moved, int(cursor.fetchone()[0]))
        for table in TABLES:
            cursor.execute(f"DROP TABLE {table}")
    audit.record("alerts.find", by=by, obj=build, after={"business_date": build.business_date, **asdict(found)})
    return found


def begin_rules(*, by: Scope) -> int:
    """Gives the head office the rules that it begins with, each once: from then on they are the bank's to change."""
    root = OrgUnit.objects.filter(parent=None).order_by("no").first()
    if root is None:
        return 0
    known = set(AlertRule.objects.filter(unit=root).values_list("kind", "line"))
    missing = [one for one in RULE_KINDS if one.key not in known]
    AlertRule.objects.bulk_create(
        AlertRule(unit=root, kind=one.kind.value, line=one.line, is_active=True, **one.first) for one in missing
    )
    if missing:
        audit.record("alerts.begin_rules", by=by, obj=root, after={"rules": [one.code for one in missing]})
    return len(missing)


TABLES = ("alert_rule_now", "alert_head", "alert_ground", "alert_give")
RULE_COLUMNS = {
    "unit_id": "bigint",
    "kind": "text",
    "line": "text",
    "days_ahead": "int",
    "min_amount": "numeric",
    "direction": "text",
    "min_days": "int",
    "due_at": "timestamptz",
    "goes_to": "text",
}


def _lay_out_rules(cursor: CursorWrapper) -> None:
    due = _due_moments()
    rows = [
        (found.unit_id, *key, *(found.get(n) for n in ("days_ahead", "min_amount", "direction", "min_days")),
         due[found.get("due_days")], found.get("goes_to"))
        for (_unit, key), found in all_effective().items()
        if found.is_active and all(found.get(value.name) is not None for value in BY_KEY[key].values)
    ]  # fmt: skip
    _fill(cursor, "alert_rule_now", RULE_COLUMNS, rows)


def _due_moments() -> Mapping[int, datetime]:
    """When a task is due that is given now, by the number of working days."""
    today = dates.today()
    known = dict(CalendarDay.objects.filter(day__gte=today).values_list("day", "is_business_day"))
    counts = {count for count in AlertRule.objects.values_list("due_days", flat=True) if count is not None}
    days = {count: working_day(today, count, known.get) for count in counts}
    moments = {count: datetime.combine(day, CLOSING, dates.zone()) for count, day in days.items()}
    # Found in the evening, with 0 days to go: the next working day's close, never a time that is over already.
    late = datetime.combine(working_day(today, 1, known.get), CLOSING, dates.zone())
    return {count: moment if moment > dates.now() else late for count, moment in moments.items()}


def _lay_out_heads(cursor: CursorWrapper) -> None:
    """Who heads each unit: its own head, else that of the nearest unit above that has one."""
    posts = Post.objects.filter(role=HEAD, valid__contains=dates.today(), user__is_active=True)
    heads: dict[int, int] = {}
    for unit_id, user_id in posts.order_by("user__username").values_list("unit_id", "user_id"):
        heads.setdefault(unit_id, user_id)
    parents = dict(OrgUnit.objects.values_list("pk", "parent_id"))
    rows = []
    for unit_id in parents:
        head = next((heads[one] for one in rules.path_of(unit_id, parents) if one in heads), None)
        if head is not None:
            rows.append((unit_id, head))
    _fill(cursor, "alert_head", {"unit_id": "bigint", "user_id": "bigint"}, rows)


def _find_ground(cursor: CursorWrapper, day: date) -> None:
    parts = [path.read_text(encoding="utf-8") for path in sorted((SQL / "ground").glob("*.sql"))]
    base = BankSetting.objects.values_list("base_currency", flat=True).first() or "CNY"
    statement = (SQL / "run" / "ground.sql").read_text(encoding="utf-8")
    values: dict[str, Any] = {
        "day": day,
        "today": dates.today(),
        "base": base,
        "furthest": DAYS_AHEAD.high,
        "movement_days": MOVEMENT_DAYS,
        "document_days": DOCUMENT_DAYS,
    }
    cursor.execute(statement.replace("/* grounds */", "\nUNION ALL\n".join(parts)), values)
    cursor.execute("ANALYZE alert_ground")


CARE = (AlertKind.BIRTHDAY, AlertKind.CONTACT_DUE)
SELLING = (*CARE, AlertKind.DEPOSIT_MATURITY, AlertKind.WEALTH_MATURITY, AlertKind.LARGE_MOVEMENT)
"""Kinds that lead to an offer. What the bank must watch for (overdue, papers, facilities) is found of everybody."""


def _leave_out_unwelcome(cursor: CursorWrapper) -> None:
    """Nobody is sent to congratulate or sell to a customer who does not want it, or whose processing is restricted."""
    everybody = Customer.objects.everything(because="alerts are found of all customers").order_by()
    plans = ContactPlan.objects.everything(because="alerts are found of all customers").filter(ended_at=None)
    calls = plans.filter(kind__in=CHANNEL_OF).values("customer_id")
    for kinds, rows in (
        (SELLING, everybody.filter(restricted(dates.today()))),
        (CARE, everybody.exclude(marketing_q(FACE_TO_FACE))),
        ((AlertKind.CONTACT_DUE,), everybody.filter(pk__in=calls).exclude(marketing_q(ConsentChannel.PHONE))),
    ):
        statement, values = rows.values("pk").query.sql_with_params()
        sql = f"DELETE FROM alert_ground WHERE kind = ANY(%s) AND customer_id IN ({statement})"
        cursor.execute(sql, [[kind.value for kind in kinds], *values])


def _run(cursor: CursorWrapper, name: str, values: Mapping[str, Any]) -> int:
    statement = (SQL / "run" / f"{name}.sql").read_text(encoding="utf-8")
    with translation.override("zh-hans"):
        titles = {f"title_{kind.value}": str(kind.label) for kind in AlertKind}
    cursor.execute(statement, {**values, **titles})
    return int(cursor.rowcount)


def _fill(cursor: CursorWrapper, table: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
    declared = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    cursor.execute(f"CREATE TEMP TABLE {table} ({declared}) ON COMMIT DROP")
    if rows:
        arrays = ", ".join(f"%s::{kind}[]" for kind in columns.values())
        cursor.execute(
            f"INSERT INTO {table} SELECT * FROM unnest({arrays})", [list(part) for part in zip(*rows, strict=True)]
        )
    cursor.execute(f"ANALYZE {table}")
