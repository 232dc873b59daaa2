-- step: snap_tier_month
-- grain: one row for each month and customer whose AUM month average has reached a level above the lowest in a month before it
-- key: customer_id, month
-- inputs: out_customer_month before, snap_tier_month before, ref_tier_level
-- columns: month VARCHAR; customer_id BIGINT; level_code VARCHAR; threshold DECIMAL(20,2); below_months INTEGER; since_month VARCHAR
-- partition: month
-- sort: customer_id
-- The tier that holds in a month, which complete months before it decided: up next month when the average reaches a
-- higher level; down after fall_months successive months below, to the level of the last month's average; the count
-- begins anew after a change. The version of the table in force in the month judges. Where it has no level of the code a
-- customer stands in, the customer first moves to its highest level that the old one's threshold reaches; from a lowest
-- level always to the lowest. Kinds are not
-- told apart here: only persons have tiers, and who is one changes without these months. The lake's first month has none.
WITH version AS (SELECT max(first_month) AS first_month FROM ref_tier_level WHERE first_month <= $month),

level AS (
    SELECT
        l.level_code,
        l.threshold,
        l.fall_months,
        lead(l.threshold) OVER (ORDER BY l.threshold) AS next_threshold
    FROM ref_tier_level AS l
    INNER JOIN version AS v ON v.first_month = l.first_month
),

reach AS (SELECT min(next_threshold) AS threshold FROM level),

stood AS (
    SELECT
        s.customer_id,
        coalesce(k.level_code, m.level_code) AS level_code,
        coalesce(k.threshold, m.threshold) AS threshold,
        coalesce(k.fall_months, m.fall_months) AS fall_months,
        CASE WHEN k.level_code IS NULL THEN 0 ELSE s.below_months END AS below_months,
        CASE WHEN k.level_code IS NULL THEN $month ELSE s.since_month END AS since_month
    FROM snap_tier_month_before AS s
    LEFT JOIN level AS k ON k.level_code = s.level_code AND (s.threshold > 0 OR k.threshold = 0)
    LEFT JOIN level AS m
        ON
            k.level_code IS NULL AND m.threshold <= s.threshold
            AND (m.next_threshold IS NULL OR m.next_threshold > s.threshold)
),

-- Who is below the first level above the lowest stands in the lowest by that month, whatever the amount: no row is needed.
reached AS (
    SELECT a.customer_id, a.aum_average
    FROM out_customer_month_before AS a
    INNER JOIN reach AS r ON a.aum_average >= r.threshold
),

judged AS (
    SELECT
        coalesce(s.customer_id, a.customer_id) AS customer_id,
        coalesce(a.aum_average, 0) AS average,
        s.level_code,
        coalesce(s.threshold, 0) AS threshold,
        s.fall_months,
        coalesce(s.below_months, 0) AS below_months,
        s.since_month
    FROM stood AS s
    FULL JOIN reached AS a ON a.customer_id = s.customer_id
),

placed AS (
    SELECT
        j.*,
        t.level_code AS reached_code,
        t.threshold AS reached_threshold,
        j.average < j.threshold AS is_below,
        j.average < j.threshold AND j.below_months + 1 >= j.fall_months AS falls
    FROM judged AS j
    INNER JOIN level AS t ON t.threshold <= j.average AND (t.next_threshold IS NULL OR t.next_threshold > j.average)
)

SELECT
    $month AS month,
    customer_id,
    CASE WHEN falls OR NOT is_below THEN reached_code ELSE level_code END AS level_code,
    CASE WHEN falls OR NOT is_below THEN reached_threshold ELSE threshold END AS threshold,
    CASE WHEN falls OR NOT is_below THEN 0 ELSE below_months + 1 END AS below_months,
    CASE
        WHEN since_month IS NOT NULL AND (is_below AND NOT falls OR reached_code = level_code) THEN since_month
        ELSE $month
    END AS since_month
FROM placed
