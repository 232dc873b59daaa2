-- step: ref_closing
-- grain: one row for each closed holding, in the month it was closed
-- key: holding_key
-- inputs: src_holding
-- partition: month by content
-- sort: holding_key
SELECT
    greatest(strftime(closed_on, '%Y-%m'), $first_month) AS month,
    holding_key,
    closed_on
FROM src_holding
WHERE closed_on IS NOT NULL
