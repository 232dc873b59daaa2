"""Work for stewards that a load finds in PostgreSQL rather than in the lake."""

from collections.abc import Sequence

from django.db import connection

from bankcrm.feeds.models import Build
from bankcrm.feeds.publish.stage import Delta

FOUND = """
INSERT INTO identity_datawork (key, customer_id, kind, field, is_found, found_on)
SELECT 'override_differs/' || o.id || '/' || o.source_differs_on, o.customer_id, 'override_differs', o.field, TRUE,
    %(day)s
FROM customers_fieldoverride o WHERE o.released_at IS NULL AND o.source_differs_on IS NOT NULL
ON CONFLICT (key) DO UPDATE SET is_found = TRUE WHERE NOT identity_datawork.is_found
"""
GONE = """
UPDATE identity_datawork w SET is_found = FALSE
WHERE w.kind = 'override_differs' AND w.is_found AND NOT EXISTS (
    SELECT FROM customers_fieldoverride o WHERE o.released_at IS NULL AND o.source_differs_on IS NOT NULL
        AND w.key = 'override_differs/' || o.id || '/' || o.source_differs_on
)
"""


def find_differing_overrides(build: Build, _deltas: Sequence[Delta]) -> None:
    """Finds corrections that stay although the source says a third thing, and takes off those that do not."""
    with connection.cursor() as cursor:
        for statement in (FOUND, GONE):
            cursor.execute(statement, {"day": build.business_date})
