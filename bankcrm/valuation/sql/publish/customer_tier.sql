-- fact: customer_tier
-- grain: one row for each person who has ever reached a level above the lowest
-- key: customer_id
-- inputs: snap_tier_month, golden, ref_setting
-- The tier that holds in the month of the business date.
SELECT t.customer_id, t.level_code, t.below_months, CAST(t.since_month || '-01' AS DATE) AS since_on
FROM snap_tier_month t
JOIN golden g ON g.id = t.customer_id AND g.kind = 'person'
JOIN ref_setting s ON strftime(s.business_date, '%Y-%m') = t.month
