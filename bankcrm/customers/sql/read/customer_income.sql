-- query: customer_income
-- grain: one row for each month, product class and kind of income; one without a month where the customer has none
-- inputs: out_income_month, ref_income_span
-- months: out_income_month first_month last_month
-- What is booked at the units named (NULL: at all). first_on and last_on: the days between which income of anybody was
-- delivered; no row at all where it never was.
WITH own AS (
    SELECT month, product_class, income_kind, CAST(sum(amount) AS DECIMAL(20, 2)) AS amount
    FROM out_income_month
    WHERE
        customer_id = $customer_id
        AND month BETWEEN $first_month AND $last_month
        AND (CAST($unit_ids AS VARCHAR []) IS NULL OR list_contains(CAST($unit_ids AS VARCHAR []), unit_id))
    GROUP BY month, product_class, income_kind
)

SELECT s.first_on, s.last_on, o.month, o.product_class, o.income_kind, o.amount
FROM ref_income_span AS s
LEFT JOIN own AS o ON TRUE
ORDER BY o.month, o.product_class, o.income_kind
