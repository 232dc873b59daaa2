-- step: ref_fx_month
-- grain: one row for each month, currency and period of that month in which its rate stays the same
-- key: month, currency, from_on
-- inputs: ref_fx, ref_month
-- partition: month by content
-- sort: currency, from_on
-- The rates cut at month ends, so that today's rate touches this month's figures and no other's.
SELECT
    m.month,
    f.currency,
    greatest(f.from_on, m.month_start) AS from_on,
    least(f.to_on, m.month_end) AS to_on,
    f.rate
FROM ref_fx AS f
INNER JOIN ref_month AS m ON f.from_on < m.month_end AND f.to_on > m.month_start
