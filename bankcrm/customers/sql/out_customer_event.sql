-- step: out_customer_event
-- grain: one row for each holding, day, kind of event that transactions tell of, and currency
-- key: holding_key, happened_on, kind, currency
-- inputs: fact_transaction, ref_fx_month, snap_salary_month, snap_salary_month earlier
-- partition: month
-- sort: source_key, happened_on, kind, holding_key, currency
-- large_in, large_out: what came in, or went out, on one day, reversals taken off, from 10,000 in base currency on. What
-- counts as large is a parameter, asked for by whoever reads; it cannot be set below these 10,000. first_salary: in no
-- earlier month was the source customer paid one. Transactions older than the build's months take its first day's rate.
WITH daily AS (
    SELECT
        t.source_key,
        t.holding_key,
        t.transacted_on,
        CASE WHEN t.direction = 'credit' THEN 'large_in' ELSE 'large_out' END AS kind,
        t.currency,
        sum(t.amount) AS amount,
        count(*) AS transaction_count
    FROM fact_transaction AS t
    WHERE t.transaction_type IS DISTINCT FROM 'opening' AND t.source_key <> ''
    GROUP BY t.source_key, t.holding_key, t.transacted_on, t.direction, t.currency
),

flows AS (
    SELECT
        d.source_key,
        d.holding_key,
        d.transacted_on AS happened_on,
        d.kind,
        d.currency,
        CAST(d.amount AS DECIMAL(20, 2)) AS amount,
        money_div(d.amount * f.rate, 1) AS amount_base,
        CAST(d.transaction_count AS BIGINT) AS transaction_count
    FROM daily AS d
    INNER JOIN ref_fx_month AS f
        ON f.currency = d.currency
        AND f.from_on <= greatest(d.transacted_on, $month_start) AND f.to_on > greatest(d.transacted_on, $month_start)
)

SELECT source_key, holding_key, happened_on, kind, currency, amount, amount_base, transaction_count
FROM flows
WHERE amount_base >= 10000
UNION ALL
SELECT
    s.source_key,
    s.holding_key,
    s.paid_on AS happened_on,
    'first_salary' AS kind,
    s.currency,
    CAST(s.amount AS DECIMAL(20, 2)) AS amount,
    CAST(NULL AS DECIMAL(20, 2)) AS amount_base,
    CAST(1 AS BIGINT) AS transaction_count
FROM snap_salary_month AS s
ANTI JOIN snap_salary_month_earlier AS e ON e.source_key = s.source_key
