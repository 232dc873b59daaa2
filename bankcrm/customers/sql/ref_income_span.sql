-- step: ref_income_span
-- grain: one row: the first and the last day with income of anybody; empty where none was ever delivered
-- key: first_on
-- inputs: src_income
-- Tells a month without income from one whose income has not been delivered.
SELECT min(booked_on) AS first_on, max(booked_on) AS last_on
FROM src_income
HAVING count(*) > 0
