-- step: snap_transaction_month
-- grain: one row for each holding and month with transactions
-- key: holding_key, month
-- inputs: fact_transaction
-- partition: month
-- sort: holding_key
-- Amounts in the holding's currency. The opening balance of an account is not a transaction of its owner.
SELECT
    $month AS month,
    holding_key,
    count(*) AS transaction_count,
    max(transacted_on) AS last_transaction_on,
    CAST(sum(CASE WHEN direction = 'credit' THEN amount ELSE 0 END) AS DECIMAL(30, 2)) AS credit_amount,
    CAST(sum(CASE WHEN direction = 'debit' THEN amount ELSE 0 END) AS DECIMAL(30, 2)) AS debit_amount
FROM fact_transaction
WHERE transaction_type IS DISTINCT FROM 'opening'
GROUP BY holding_key
