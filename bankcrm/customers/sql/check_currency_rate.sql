-- step: check_currency_rate
-- grain: one row for each currency that holds money but has no rate at all
-- key: currency
-- inputs: ref_holding_seen, ref_fx
-- severity: stop
SELECT s.currency, count(*) AS holding_count
FROM ref_holding_seen AS s
ANTI JOIN ref_fx AS f ON f.currency = s.currency
GROUP BY s.currency
