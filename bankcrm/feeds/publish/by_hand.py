"""What staff have added meets what a load delivers, inside the transaction that publishes, after all facts are merged.

An entry of staff ends when a source delivers the same, so that nothing stands there twice. A prospect becomes a
customer when the matcher gives it a source customer: it keeps its number, and what was made up for it gives way.
"""

from typing import Any

from django.db import connection
from django.utils import timezone

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.customers.models import HANDOVER, STAFF, Customer, StaffEntry
from bankcrm.feeds.models import Build

# A phone is the same with other spaces or the country in front; texts are the same whatever their case.
COMPARABLE = (
    "CASE WHEN {0}.contact_type IN ('mobile', 'phone') "
    "THEN regexp_replace(regexp_replace({0}.value, '[^0-9]', '', 'g'), '^(00)?86(?=1[3-9][0-9]{{9}}$)', '') "
    "ELSE lower({0}.value) END"
)
SAME = {
    "customers_contactpoint": "d.contact_type = t.contact_type "
    f"AND {COMPARABLE.format('d')} = {COMPARABLE.format('t')}",
    "customers_identitydocument": "d.document_type = t.document_type "
    "AND upper(d.document_number) = upper(t.document_number)",
    "customers_relation": "d.relation_type = t.relation_type AND CASE WHEN t.related_id IS NULL "
    "THEN d.related_name = t.related_name ELSE d.related_id = t.related_id END",
}
ADOPT = """
UPDATE customers_staffentry e SET ended_at = %(now)s, ending = %(ending)s, adopted_key = d.feed_key
FROM {table} t JOIN {table} d ON d.customer_id = t.customer_id AND NOT starts_with(d.feed_key, %(staff)s) AND {same}
WHERE e.ended_at IS NULL AND t.feed_key = %(staff)s || e.id AND t.customer_id = e.customer_id
RETURNING e.id, e.customer_id, e.kind
"""
CLEAR = """
DELETE FROM {table} t USING customers_staffentry e
WHERE e.ended_at IS NOT NULL AND t.customer_id = e.customer_id AND t.feed_key = %(staff)s || e.id
"""
# A source that falls silent takes away what it was found by; what staff say is still there.
KEYS = """
INSERT INTO customers_searchkey (customer_id, kind, value, unit_no)
SELECT said.*, c.unit_no FROM (
    SELECT e.customer_id, 'document', upper(t.document_number) FROM customers_staffentry e
    JOIN customers_identitydocument t ON t.customer_id = e.customer_id AND t.feed_key = %(staff)s || e.id
    WHERE e.ended_at IS NULL
    UNION
    SELECT e.customer_id, 'phone', regexp_replace(t.value, '[^0-9]', '', 'g') FROM customers_staffentry e
    JOIN customers_contactpoint t ON t.customer_id = e.customer_id AND t.feed_key = %(staff)s || e.id
    WHERE e.ended_at IS NULL AND t.contact_type IN ('mobile', 'phone')
) said
JOIN customers_customer c ON c.id = said.customer_id
ON CONFLICT DO NOTHING
"""

# Whoever the feeds name goes before the one who made the prospect.
RELIEVED = """
FROM customers_coverage f WHERE f.customer_id = c.customer_id AND f.object_type = 'customer'
    AND NOT starts_with(f.feed_key, %(staff)s) AND f.valid @> %(day)s AND starts_with(c.feed_key, %(staff)s)
"""
NEVER_COVERED = f"DELETE FROM customers_coverage c USING {RELIEVED.strip()[5:]} AND lower(c.valid) >= %(day)s"
NO_LONGER_COVERED = (
    f"UPDATE customers_coverage c SET valid = daterange(lower(c.valid), %(day)s) {RELIEVED} "
    "AND lower(c.valid) < %(day)s AND upper_inf(c.valid)"
)
# What a leaver handed over holds until the feed's own shares leave no room for it: then the source has been told.
FULL = """
FROM customers_coverage h WHERE c.feed_key = h.feed_key AND starts_with(h.feed_key, %(handover)s) AND h.valid @> %(day)s
    AND h.share + (
        SELECT coalesce(sum(f.share), 0) FROM customers_coverage f
        WHERE f.customer_id = h.customer_id AND f.object_type = h.object_type AND f.object_key = h.object_key
            AND NOT starts_with(f.feed_key, '@') AND f.valid @> %(day)s
    ) > 1
"""
HANDED_BACK = f"UPDATE customers_coverage c SET valid = daterange(lower(c.valid), %(day)s) {FULL}"
# The source names the leaver as the lead until it is told.
STILL_LED = """
UPDATE customers_customer c SET lead_id = h.user_id FROM customers_coverage h
WHERE h.customer_id = c.id AND starts_with(h.feed_key, %(handover)s) AND h.role = 'lead' AND h.object_type = 'customer'
    AND upper_inf(h.valid) AND c.lead_id IS DISTINCT FROM h.user_id
    AND c.lead_id = split_part(h.feed_key, '/', 2)::bigint
"""


def staged_prospects() -> list[int]:
    """The prospects that this load makes customers. Asked before the customers are merged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id FROM customers_customer c JOIN staging.customer s ON s.id = c.id WHERE c.status = %s",
            [Customer.Status.PROSPECT.value],
        )
        return [row[0] for row in cursor.fetchall()]


def adopt(*, build: Build, prospects: list[int], by: Scope) -> dict[str, int]:
    """Ends entries that the load delivers, and settles prospects that became customers; answers how many of each."""
    values: dict[str, Any] = {
        "staff": f"{STAFF}/",
        "handover": f"{HANDOVER}/",
        "now": timezone.now(),
        "day": build.business_date,
        "ending": StaffEntry.Ending.DELIVERED.value,
        "prospects": prospects,
    }
    with connection.cursor() as cursor:
        ended: list[Any] = []
        for table, same in SAME.items():
            cursor.execute(ADOPT.format(table=table, same=same), values)
            ended += cursor.fetchall()
            cursor.execute(CLEAR.format(table=table), values)
        cursor.execute(KEYS, values)
        if prospects:
            cursor.execute(
                "DELETE FROM customers_customervisibility v USING customers_customer c WHERE c.id = v.customer_id "
                "AND c.id = ANY(%(prospects)s) AND v.reason = 'owning' AND v.unit_id <> c.owning_unit_id",
                values,
            )
        cursor.execute(NEVER_COVERED, values)
        cursor.execute(NO_LONGER_COVERED, values)
        cursor.execute(HANDED_BACK, values)
        cursor.execute(STILL_LED, values)
    for pk, customer_id, kind in ended:
        label = StaffEntry._meta.label_lower
        audit.record(
            "customer.entry_delivered",
            by=by,
            object_type=label,
            object_id=pk,
            customer_id=customer_id,
            after={"entry": kind},
        )
    for pk in prospects:
        audit.record(
            "customer.became_customer",
            by=by,
            object_type=Customer._meta.label_lower,
            object_id=pk,
            customer_id=pk,
            before={"status": Customer.Status.PROSPECT.value},
            after={"status": Customer.Status.ACTIVE.value},
        )
    return {"staff_entry": len(ended), "prospect": len(prospects)}
