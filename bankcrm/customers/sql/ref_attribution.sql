-- step: ref_attribution
-- grain: one row for each holding, in the month from which it matters: opened, or first seen with money
-- key: holding_key
-- inputs: ref_holding, ref_holding_seen
-- partition: month by content
-- sort: holding_key
-- Where a holding's money is counted. History is restated: a customer joined to another, or an account moved to another
-- unit, is counted there in earlier months too. What changes daily for few (status, closing) is kept out, so that a
-- night without such a change leaves all earlier months as they are.
WITH held AS (
    SELECT
        h.*,
        least(
            coalesce(s.month, '9999-12'),
            coalesce(strftime(h.opened_on, '%Y-%m'), '9999-12')
        ) AS since
    FROM ref_holding AS h
    LEFT JOIN ref_holding_seen AS s ON s.holding_key = h.holding_key
)

SELECT
    greatest(since, $first_month) AS month,
    holding_key,
    customer_id,
    unit_id,
    line,
    product_id,
    product_class,
    figure_class,
    currency,
    opened_on
FROM held
