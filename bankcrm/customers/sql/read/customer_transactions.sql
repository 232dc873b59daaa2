-- query: customer_transactions
-- grain: one row for each transaction, newest first, at most `limit`
-- inputs: fact_transaction
-- months: fact_transaction from_on to_on
-- Of the source customers `source_keys`; of these, of the holdings `holding_keys` (NULL: all). All other filters may be
-- NULL. The next page: `before_on` and `before_key` are transacted_on and page_key of the last row shown.
WITH chosen AS (
    SELECT
        *,
        coalesce(strftime(transacted_at, '%H:%M:%S'), '00:00:00')
        || ' ' || lpad(CAST(coalesce(sequence, 0) AS VARCHAR), 19, '0')
        || ' ' || transaction_key AS page_key
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
)

SELECT *
FROM chosen
WHERE
    CAST($before_on AS DATE) IS NULL
    OR transacted_on < CAST($before_on AS DATE)
    OR (transacted_on = CAST($before_on AS DATE) AND page_key < CAST($before_key AS VARCHAR))
ORDER BY transacted_on DESC, page_key DESC
LIMIT $limit
