-- query: cross_months
-- grain: one row for each month of the build, oldest first
-- inputs: ref_month, ref_income_span
-- income_from and income_to: the days between which income of anybody was delivered; NULL where it never was.
SELECT m.month, m.month_end, s.first_on AS income_from, s.last_on AS income_to
FROM ref_month AS m
LEFT JOIN ref_income_span AS s ON s.first_on IS NOT NULL
ORDER BY m.month
