-- step: snap_cube_facility
-- grain: one row for each customer and booking unit with a facility in force on the business date
-- key: customer_id, unit_id
-- inputs: src_facility, src_org_unit, ref_customer_map, ref_cube_customer, ref_fx_month, snap_tier_month, ref_tier_month
-- sort: unit_id, customer_id
-- Limits and what is drawn, in base currency at the business date's rate. Sources deliver facilities as they are today:
-- there are no figures of earlier months; the tier is this month's. What is in a currency without a rate counts nowhere (check_facility_rate).
WITH rates AS (SELECT currency, max(rate) AS rate FROM ref_fx_month WHERE to_on = $month_end GROUP BY currency),

root AS (SELECT min(unit_id) AS unit_id FROM src_org_unit WHERE parent_id IS NULL),

placed AS (
    SELECT
        coalesce(m.customer_id, $unidentified_id) AS customer_id,
        coalesce(u.unit_id, r.unit_id, '') AS unit_id,
        money_div(f.limit_amount * CASE WHEN f.currency = $base_currency THEN 1 ELSE x.rate END, 1) AS limit_base,
        money_div(f.drawn_amount * CASE WHEN f.currency = $base_currency THEN 1 ELSE x.rate END, 1) AS drawn_base
    FROM src_facility AS f
    CROSS JOIN root AS r
    LEFT JOIN ref_customer_map AS m ON m.source_key = f.source_key
    LEFT JOIN src_org_unit AS u ON u.unit_id = f.unit_id
    LEFT JOIN rates AS x ON x.currency = f.currency
    WHERE
        f.from_on <= $business_date AND (f.to_on IS NULL OR f.to_on > $business_date) AND f.status <> 'ended'
        AND (f.currency = $base_currency OR x.rate IS NOT NULL)
)

SELECT
    p.customer_id,
    p.unit_id,
    coalesce(c.kind, '') AS kind,
    coalesce(c.line, '') AS line,
    coalesce(c.industry, '') AS industry,
    CASE WHEN c.kind = 'person' THEN coalesce(t.level_code, b.base_code, '') ELSE '' END AS tier,
    CAST(sum(p.limit_base) AS DECIMAL(18, 2)) AS limit_amount,
    CAST(sum(p.drawn_base) AS DECIMAL(18, 2)) AS drawn_amount
FROM placed AS p
LEFT JOIN ref_cube_customer AS c ON c.customer_id = p.customer_id
LEFT JOIN snap_tier_month AS t ON t.customer_id = p.customer_id AND t.month = $month
LEFT JOIN ref_tier_month AS b ON b.month = $month
GROUP BY
    p.customer_id,
    p.unit_id,
    coalesce(c.kind, ''),
    coalesce(c.line, ''),
    coalesce(c.industry, ''),
    CASE WHEN c.kind = 'person' THEN coalesce(t.level_code, b.base_code, '') ELSE '' END
