"""A night's changes turned into webhook deliveries, beside a bare GROUP BY of the same changes into a table.

    python benchmarks/webhooks.py [--customers 1000000 | --home DIR] [--changes 100000] [--turns 3]

So many customers have one changed value. Two subscribers: one that sees the whole bank, one that sees a branch. The
floor writes one row for each changed customer, without looking at who may see it. Both take turns and are rolled back.
Prints one JSON object.
"""

import json
import sys
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import bank

CHANGES = """
INSERT INTO customers_customerchange
    (changed_at, customer_id, subject, kind, field, before, after, business_date, build_id)
SELECT %(at)s, c.id, 'contact_point', 'mobile', 'value', '13800000000', '13900000000', %(day)s, %(build)s
FROM customers_customer c ORDER BY c.id LIMIT %(changes)s
"""
BARE = """
CREATE TEMP TABLE bare ON COMMIT DROP AS
SELECT customer_id, max(changed_at) AS at, array_agg(DISTINCT field) AS fields
FROM customers_customerchange WHERE build_id = %(build)s AND changed_at = %(at)s GROUP BY customer_id
"""


def main() -> int:
    """Opens the bank, measures, prints."""
    chosen = bank.options(__doc__ or "", changes=100_000, turns=3)
    home = bank.home_of(chosen)
    with bank.as_web(home):
        from bankcrm.config.cli.bank import use_role

        use_role("owner")
        pairs = [_turn(chosen.changes) for _number in range(chosen.turns)]
    seconds = median(one["seconds"] for one in pairs)
    floor = median(one["bare_seconds"] for one in pairs)
    told = {
        **pairs[-1],
        "seconds": round(seconds, 2),
        "bare_seconds": round(floor, 2),
        "ratio": round(floor / seconds, 2),
    }
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return 0


def _turn(changes: int) -> dict[str, Any]:
    from django.db import connection, transaction
    from django.db.models import Sum
    from django.utils import timezone

    from bankcrm.feeds.models import Build
    from bankcrm.webhooks.gathering import gather_load
    from bankcrm.webhooks.models import Delivery

    with transaction.atomic():
        now = timezone.now()
        build = Build.objects.create(business_date=now.date(), published_at=now)
        _subscribe()
        given = {"at": now, "day": build.business_date, "build": build.pk, "changes": changes}
        with connection.cursor() as cursor:
            cursor.execute(CHANGES, given)
            rows = cursor.rowcount
            cursor.execute("ANALYZE customers_customerchange")
            bare = bank.timed(lambda: cursor.execute(BARE, given))
        seconds = bank.timed(lambda: gather_load(build.pk))
        found = Delivery.objects.filter(build_id=build.pk)
        events = dict(found.values_list("subscription__name").annotate(Sum("event_count")))
        told = {"changes": rows, "deliveries": found.count(), "events": events}
        transaction.set_rollback(True)
    return {**told, "seconds": seconds / 1000, "bare_seconds": bare / 1000}


def _subscribe() -> None:
    from datetime import timedelta

    from django.utils import timezone

    from bankcrm.org.models import ApiToken, User
    from bankcrm.webhooks.models import Subscription

    now = timezone.now()
    for reader in ("head_office", "branch_head"):
        user = User.objects.get(username=bank.READERS[reader])
        until = now + timedelta(days=9)
        token = ApiToken.objects.create(user=user, name="bench", digest=reader, created_at=now, expires_at=until)
        Subscription.objects.create(
            name=reader, token=token, address="https://x.example/", kinds=["customer.changed"], secret=""
        )


if __name__ == "__main__":
    raise SystemExit(main())
