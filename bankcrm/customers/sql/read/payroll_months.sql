-- query: payroll_months
-- grain: one row for each month and currency
-- inputs: src_payroll
-- months: src_payroll from_on to_on
-- What the source customers `payer_keys` paid (NULL: whoever) to the source customers `paid_keys` (NULL: to whomever).
SELECT
    strftime(paid_on, '%Y-%m') AS month,
    currency,
    count(DISTINCT source_key) AS persons,
    CAST(sum(coalesce(payment_count, 1)) AS BIGINT) AS payments,
    CAST(sum(amount) AS DECIMAL(20, 2)) AS amount
FROM src_payroll
WHERE
    paid_on BETWEEN CAST($from_on AS DATE) AND CAST($to_on AS DATE)
    AND (
        CAST($payer_keys AS VARCHAR []) IS NULL
        OR list_contains(CAST($payer_keys AS VARCHAR []), related_source_key)
    )
    AND (CAST($paid_keys AS VARCHAR []) IS NULL OR list_contains(CAST($paid_keys AS VARCHAR []), source_key))
GROUP BY 1, currency
ORDER BY 1 DESC, currency
