-- query: customer_events
-- grain: one row for each holding, day, kind of event and currency, newest first, at most `limit`
-- inputs: out_customer_event, ref_month
-- months: out_customer_event from_on to_on
-- Of the source customers `source_keys`, up to `to_on`; flows from `large_amount` in base currency on. A first salary is
-- that of all of them together, and none in the first month of the history, when it was the first seen but hardly the
-- first. Only then are the holdings `holding_keys` chosen: what lies beyond the reader's sight still counts as earlier.
WITH own AS (
    SELECT * FROM out_customer_event
    WHERE source_key IN (SELECT unnest(CAST($source_keys AS VARCHAR [])))
),

told AS (
    SELECT * FROM own WHERE kind <> 'first_salary' AND amount_base >= CAST($large_amount AS DECIMAL(20, 2))
    UNION ALL
    SELECT * FROM own
    WHERE kind = 'first_salary'
    QUALIFY
        row_number() OVER (ORDER BY happened_on, holding_key) = 1
        AND strftime(happened_on, '%Y-%m') > (SELECT min(month) FROM ref_month)
)

SELECT *
FROM told
WHERE
    happened_on BETWEEN CAST($from_on AS DATE) AND CAST($to_on AS DATE)
    AND list_contains(CAST($holding_keys AS VARCHAR []), holding_key)
ORDER BY happened_on DESC, kind, holding_key, currency
LIMIT $limit
