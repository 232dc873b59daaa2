-- step: check_facility_rate
-- grain: one row for each currency of facilities in force for which the business date has no rate
-- key: currency
-- inputs: src_facility, ref_fx_month
-- severity: warn
-- Their limits count nowhere in the cross view.
SELECT f.currency, count(*) AS facilities
FROM src_facility AS f
LEFT JOIN (SELECT DISTINCT currency FROM ref_fx_month WHERE to_on = $month_end) AS x ON x.currency = f.currency
WHERE
    f.from_on <= $business_date AND (f.to_on IS NULL OR f.to_on > $business_date) AND f.status <> 'ended'
    AND f.currency <> $base_currency AND x.currency IS NULL
GROUP BY f.currency
