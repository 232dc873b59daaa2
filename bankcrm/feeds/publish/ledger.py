"""Differences between accounts and ledger: found, followed from load to load, and closed when the cell ties again."""

from datetime import date
from decimal import Decimal

from django.db import connection

from bankcrm.core import parameters

TOLERANCE = "feeds.ledger_tolerance"
SAME_CELL = "c.unit_code = d.unit_code AND c.currency = d.currency AND c.account_class = d.account_class"
# An explanation holds for the amount that it explained; another one is open again. What was said stays to be read.
FOLLOW = f"""
UPDATE feeds_ledgerdifference d SET as_of = c.as_of, unit_id = c.unit_id, ledger = c.ledger, accounts = c.accounts,
    unidentified = c.unidentified, difference = c.difference,
    state = CASE WHEN c.difference = d.difference THEN d.state ELSE 'open' END
FROM feeds_ledgercell c
WHERE {SAME_CELL} AND d.state <> 'closed' AND abs(c.difference) > %(tolerance)s
    AND (d.as_of, d.unit_id, d.ledger, d.accounts, d.unidentified)
        IS DISTINCT FROM (c.as_of, c.unit_id, c.ledger, c.accounts, c.unidentified)
"""
# A cell that is no longer compared has neither accounts nor a ledger balance, which tie.
CLOSE = f"""
UPDATE feeds_ledgerdifference d SET state = 'closed', closed_on = %(day)s
WHERE d.state <> 'closed'
    AND NOT EXISTS (SELECT FROM feeds_ledgercell c WHERE {SAME_CELL} AND abs(c.difference) > %(tolerance)s)
"""
FIND = f"""
INSERT INTO feeds_ledgerdifference (unit_code, unit_id, currency, account_class, as_of, ledger, accounts, unidentified,
    difference, since_on, state, reason)
SELECT c.unit_code, c.unit_id, c.currency, c.account_class, c.as_of, c.ledger, c.accounts, c.unidentified,
    c.difference, c.as_of, 'open', ''
FROM feeds_ledgercell c
WHERE abs(c.difference) > %(tolerance)s
    AND NOT EXISTS (SELECT FROM feeds_ledgerdifference d WHERE {SAME_CELL} AND d.state <> 'closed')
ORDER BY abs(c.difference), c.unit_code, c.currency, c.account_class
"""


def tolerance() -> Decimal:
    """The difference up to which a cell ties."""
    found: Decimal = parameters.value(TOLERANCE)
    return found


def keep_differences(*, business_date: date) -> int:
    """Brings the worklist up to the cells just published; answers how many rows were written.

    Runs in the transaction that publishes. On a day without a ledger nothing was compared, and nothing changes.
    """
    changed = 0
    values: dict[str, date | Decimal] = {"day": business_date, "tolerance": tolerance()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM feeds_ledgercell)")
        if not cursor.fetchone()[0]:
            return 0
        for statement in (FOLLOW, CLOSE, FIND):
            cursor.execute(statement, values)
            changed += cursor.rowcount
    return changed
