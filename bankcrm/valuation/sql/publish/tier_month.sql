-- fact: tier_month
-- grain: one row for the month of the business date
-- key: month
-- inputs: ref_tier_month, ref_setting
-- The tier of the persons who have no row in customer_tier; empty while the lake knows no month before this one.
SELECT m.month, m.base_code
FROM ref_tier_month m
JOIN ref_setting s ON strftime(s.business_date, '%Y-%m') = m.month
