-- query: customer_transaction_totals
-- grain: one row for each currency
-- inputs: fact_transaction
-- months: fact_transaction from_on to_on
-- In and out over the whole filter of customer_transactions, in each currency of its own.
SELECT
    currency,
    CAST(sum(CASE WHEN direction = 'credit' THEN amount ELSE 0 END) AS DECIMAL(30, 2)) AS credit_amount,
    CAST(sum(CASE WHEN direction = 'debit' THEN amount ELSE 0 END) AS DECIMAL(30, 2)) AS debit_amount,
    count(CASE WHEN direction = 'credit' THEN 1 END) AS credit_count,
    count(CASE WHEN direction = 'debit' THEN 1 END) AS debit_count
FROM fact_transaction
WHERE
    source_key IN (SELECT unnest(CAST($source_keys AS VARCHAR [])))
    AND transacted_on BETWEEN CAST($from_on AS DATE) AND CAST($to_on AS DATE)
    AND (CAST($holding_keys AS VARCHAR []) IS NULL OR list_contains(CAST($holding_keys AS VARCHAR []), holding_key))
    AND (CAST($min_amount AS DECIMAL(20, 2)) IS NULL OR amount >= CAST($min_amount AS DECIMAL(20, 2)))
    AND (CAST($max_amount AS DECIMAL(20, 2)) IS NULL OR amount <= CAST($max_amount AS DECIMAL(20, 2)))
    AND (CAST($channel AS VARCHAR) IS NULL OR channel = CAST($channel AS VARCHAR))
    AND (CAST($direction AS VARCHAR) IS NULL OR direction = CAST($direction AS VARCHAR))
    AND (
        CAST($text AS VARCHAR) IS NULL
        OR contains(lower(coalesce(counterparty_name, '')), lower(CAST($text AS VARCHAR)))
        OR contains(lower(coalesce(summary, '')), lower(CAST($text AS VARCHAR)))
    )
GROUP BY currency
ORDER BY currency
