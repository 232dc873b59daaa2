-- step: fact_balance
-- grain: one row for each holding and period of the month in which its balance stays the same; half-open [from_on, to_on)
-- key: holding_key, from_on
-- inputs: src_balance, ref_closing upto, fact_balance before
-- partition: month
-- columns: holding_key VARCHAR; from_on DATE; to_on DATE; balance DECIMAL(20,2); currency VARCHAR
-- sort: holding_key, from_on
-- Day-end balances in the holding's own currency, carried over days without a row and over the month's start. 0 from
-- closed_on; a holding closed in an earlier month is gone. Periods of a month never reach into the next.
WITH opening AS (
    SELECT holding_key, balance, currency FROM fact_balance_before WHERE to_on = $month_start
    UNION ALL
    SELECT holding_key, arg_max(balance, balance_on) AS balance, arg_max(currency, balance_on) AS currency
    FROM src_balance
    WHERE balance_on < $month_start
    GROUP BY holding_key
),

carried AS (
    SELECT o.holding_key, $month_start AS from_on, o.balance, o.currency
    FROM opening AS o
    ANTI JOIN ref_closing AS c ON c.holding_key = o.holding_key AND c.closed_on <= $month_start
),

delivered AS (
    SELECT b.holding_key, b.balance_on AS from_on, b.balance, b.currency
    FROM src_balance AS b
    LEFT JOIN ref_closing AS c ON c.holding_key = b.holding_key
    WHERE
        b.balance_on >= $month_start AND b.balance_on < $month_end
        AND (c.closed_on IS NULL OR b.balance_on < c.closed_on)
),

closed AS (
    SELECT h.holding_key, c.closed_on AS from_on, CAST(0 AS DECIMAL(20, 2)) AS balance, min(h.currency) AS currency
    FROM (
        SELECT holding_key, currency FROM opening
        UNION ALL
        SELECT holding_key, currency FROM delivered
    ) AS h
    INNER JOIN ref_closing AS c ON c.holding_key = h.holding_key
    WHERE c.closed_on >= $month_start AND c.closed_on < $month_end
    GROUP BY h.holding_key, c.closed_on
),

changes AS (
    SELECT holding_key, from_on, balance, currency FROM delivered
    UNION ALL
    SELECT holding_key, from_on, balance, currency FROM closed
),

moving AS (SELECT DISTINCT holding_key FROM changes),

points AS (
    SELECT holding_key, from_on, balance, currency, 1 AS place FROM changes
    UNION ALL
    SELECT c.holding_key, c.from_on, c.balance, c.currency, 0 AS place
    FROM carried AS c
    SEMI JOIN moving AS m ON m.holding_key = c.holding_key
),

compared AS (
    SELECT
        holding_key, from_on, balance, currency, place,
        lag(balance) OVER (PARTITION BY holding_key ORDER BY from_on, place) AS balance_before,
        lag(currency) OVER (PARTITION BY holding_key ORDER BY from_on, place) AS currency_before
    FROM points
),

periods AS (
    SELECT
        holding_key, from_on, balance, currency,
        coalesce(lead(from_on) OVER (PARTITION BY holding_key ORDER BY from_on, place), $month_end) AS to_on
    FROM compared
    WHERE balance IS DISTINCT FROM balance_before OR currency IS DISTINCT FROM currency_before
)

SELECT holding_key, from_on, to_on, balance, currency FROM periods WHERE from_on < to_on
UNION ALL
SELECT c.holding_key, c.from_on, $month_end AS to_on, c.balance, c.currency
FROM carried AS c
ANTI JOIN moving AS m ON m.holding_key = c.holding_key
