-- step: ref_tier_month
-- grain: one row for each month
-- key: month
-- inputs: ref_month, ref_tier_level
-- partition: month by content
-- sort: month
-- base_code: the level of the persons who have no row in snap_tier_month: the lowest of the version in force; empty in the
-- lake's first month, before which nothing is known, so that nobody has a tier.
WITH edge AS (SELECT min(month) AS first_month FROM ref_month),

known AS (
    SELECT m.month, max(l.first_month) AS first_month
    FROM ref_month AS m
    INNER JOIN ref_tier_level AS l ON l.first_month <= m.month AND l.threshold = 0
    GROUP BY m.month
)

SELECT
    m.month,
    CASE WHEN m.month = e.first_month THEN '' ELSE coalesce(l.level_code, '') END AS base_code
FROM ref_month AS m
CROSS JOIN edge AS e
LEFT JOIN known AS k ON k.month = m.month
LEFT JOIN ref_tier_level AS l ON l.first_month = k.first_month AND l.threshold = 0
