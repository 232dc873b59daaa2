"""From what has happened to what is to be sent: as sets, so that a night's hundred thousand changes take seconds.

There is no outbox that actions would have to fill. What staff do stands in the audit, whose seal puts committed events
into one order without gaps; what loads do stands in `customers.CustomerChange`. Both come together in one temporary
table, and from it one INSERT for each subscriber takes what that subscriber's scope sees.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bankcrm.core import dates, parameters
from bankcrm.core.models import AuditSeal
from bankcrm.customers.models import Customer
from bankcrm.feeds.models import Build
from bankcrm.webhooks.kinds import BY_CODE, CREATED, OF_ACTION, OF_SUBJECT
from bankcrm.webhooks.models import Arrival, Cursor, Subscription
from bankcrm.webhooks.parameters import BATCH
from bankcrm.webhooks.queries import is_served, scope_of

SQL = Path(__file__).resolve().parent / "sql" / "run"
GROUND = (
    "CREATE TEMP TABLE webhook_ground (customer_id bigint, kind text, at timestamptz, fields text[]) ON COMMIT DROP"
)
MOST_SEALS = 200_000  # of the audit at once: a backlog after a stop is worked off in several transactions


@transaction.atomic
def gather_staff() -> int:
    """Makes deliveries of what staff have done since the last time; answers how many. Nothing where nobody listens."""
    Cursor.objects.get_or_create(id=1, defaults={"position": _end_of_chain()})
    held = Cursor.objects.select_for_update().get(id=1)
    last = min(_end_of_chain(), held.position + MOST_SEALS)
    if last <= held.position:
        return 0
    listening, made = _listening(), 0
    if listening:
        with connection.cursor() as cursor:
            cursor.execute(GROUND)
            given: dict[str, Any] = {
                "from": held.position,
                "to": last,
                "actions": list(OF_ACTION),
                "kinds": list(OF_ACTION.values()),
            }
            cursor.execute(_text("audit"), given)
            made = _write(cursor, listening, None) if cursor.rowcount else 0
            cursor.execute("DROP TABLE webhook_ground")
    Cursor.objects.filter(id=1).update(position=last)
    return made


@transaction.atomic
def gather_load(build_id: int) -> int:
    """Makes deliveries of what a published build has changed; answers how many. Once for a build."""
    build = Build.objects.filter(pk=build_id).exclude(published_at=None).defer("manifest").first()
    told = set(
        Subscription.objects.filter(deliveries__build_id=build_id).values_list("pk", flat=True)
        if build is not None
        else ()
    )
    listening, made = [one for one in _listening() if one.pk not in told], 0
    if build is not None and listening:
        with connection.cursor() as cursor:
            cursor.execute(GROUND)
            given = {
                "build": build.pk,
                "published": build.published_at,
                "created": CREATED,
                "subjects": list(OF_SUBJECT),
                "kinds": list(OF_SUBJECT.values()),
            }
            cursor.execute(_text("load"), given)
            made = _write(cursor, listening, build.pk) if cursor.rowcount else 0
            cursor.execute("DROP TABLE webhook_ground")
    Arrival.objects.filter(build_id__lte=build_id).delete()
    return made


def keep_arrivals(build: Build) -> int:
    """Notes which customers a build brings, in the transaction that publishes it. Nothing of the first loading."""
    wants_them = Subscription.objects.filter(state=Subscription.State.ACTIVE, kinds__contains=[CREATED])
    is_first = not Build.objects.exclude(pk=build.pk).exclude(published_at=None).exists()
    if is_first or not wants_them.exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_text("arrivals"), {"build": build.pk})
        return int(cursor.rowcount)


def _listening() -> list[Subscription]:
    """Subscribers that are to hear now. One that is paused or switched off misses what happens meanwhile."""
    rows = Subscription.objects.filter(state=Subscription.State.ACTIVE).select_related("token__user").order_by("pk")
    return [one for one in rows if is_served(one)]


def _write(cursor: CursorWrapper, listening: Sequence[Subscription], build_id: int | None) -> int:
    cursor.execute("ANALYZE webhook_ground")
    now, made = dates.now(), 0
    for one in listening:
        made += _write_for(cursor, one, build_id, now)
    return made


def _write_for(cursor: CursorWrapper, one: Subscription, build_id: int | None, now: datetime) -> int:
    scope = scope_of(one)
    kinds = [code for code in one.kinds if code in BY_CODE and scope.may(BY_CODE[code].permission)]
    if not kinds:
        return 0
    seen, values = Customer.objects.within(scope).values("id", "number").query.sql_with_params()
    given: list[Any] = [one.pk, build_id, now, now, parameters.value(BATCH), *values, kinds]
    cursor.execute(_text("write").replace("/* visible */", seen), given)
    return int(cursor.rowcount)


def _end_of_chain() -> int:
    last = AuditSeal.objects.order_by("-position").values_list("position", flat=True).first()
    return last or 0


def _text(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
