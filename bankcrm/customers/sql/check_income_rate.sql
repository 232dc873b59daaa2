-- step: check_income_rate
-- grain: one row for each currency of income that has no rate at all
-- key: currency
-- inputs: src_income, ref_fx
-- severity: stop
SELECT i.currency, count(*) AS booking_count
FROM src_income AS i
ANTI JOIN ref_fx AS f ON f.currency = i.currency
GROUP BY i.currency
