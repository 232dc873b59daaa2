-- query: holding_balance_curve
-- grain: one row for each period in which the balance stays the same, oldest first; half-open [from_on, to_on)
-- inputs: fact_balance
-- months: fact_balance from_on to_on
-- Both days of the question count. In the holding's currency.
WITH pieces AS (
    SELECT
        greatest(from_on, CAST($from_on AS DATE)) AS from_on,
        least(to_on, CAST($to_on AS DATE) + 1) AS to_on,
        balance,
        currency
    FROM fact_balance
    WHERE holding_key = $holding_key AND from_on <= CAST($to_on AS DATE) AND to_on > CAST($from_on AS DATE)
),

marked AS (
    SELECT
        *,
        CASE
            WHEN
                lag(balance) OVER (ORDER BY from_on) = balance
                AND lag(currency) OVER (ORDER BY from_on) = currency
                AND lag(to_on) OVER (ORDER BY from_on) = from_on
                THEN 0
            ELSE 1
        END AS is_new
    FROM pieces
),

numbered AS (SELECT *, sum(is_new) OVER (ORDER BY from_on) AS period FROM marked)

SELECT
    min(from_on) AS from_on,
    max(to_on) AS to_on,
    any_value(balance) AS balance,
    any_value(currency) AS currency
FROM numbered
GROUP BY period
ORDER BY from_on
