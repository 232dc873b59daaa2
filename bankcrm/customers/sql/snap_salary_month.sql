-- step: snap_salary_month
-- grain: one row for each source customer and month with a salary: the first of that month
-- key: source_key, month
-- inputs: fact_transaction
-- partition: month
-- sort: source_key
-- Kept apart so that the search for a customer's first salary reads a row a month and never the transactions again.
WITH paid AS (
    SELECT
        source_key, holding_key, transacted_on, currency, amount,
        row_number() OVER (PARTITION BY source_key ORDER BY transacted_on, transaction_key) AS place
    FROM fact_transaction
    WHERE transaction_type = 'salary' AND direction = 'credit' AND amount > 0 AND source_key <> ''
)

SELECT
    $month AS month,
    source_key,
    holding_key,
    transacted_on AS paid_on,
    currency,
    amount
FROM paid
WHERE place = 1
