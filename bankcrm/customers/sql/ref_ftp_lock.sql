-- step: ref_ftp_lock
-- grain: one row for each deposit or loan with a term whose transfer price is known
-- key: holding_key
-- inputs: ref_holding, src_holding, src_ftp_rate, ref_ftp_lock previous
-- columns: holding_key VARCHAR; ftp_kind VARCHAR; currency VARCHAR; locked_on DATE; term_days BIGINT; rate DECIMAL(12,8); curve_on DATE; origin VARCHAR
-- sort: holding_key
-- The price of the day on which the present term began (opened, renewed or repriced) for as many days as it lasts. What the
-- source delivers counts; else it is taken once from the curve in force that day, and then stays as it is, whatever
-- becomes of curves: a new day's and a corrected old one alike. Only another begin or end locks anew. Between two points of
-- the curve: the straight line; outside them: the nearest. No curve by then: no price.
WITH terms AS (
    SELECT
        h.holding_key,
        h.figure_class AS ftp_kind,
        h.currency,
        coalesce(s.priced_on, s.opened_on) AS locked_on,
        date_diff('day', coalesce(s.priced_on, s.opened_on), s.matures_on) AS term_days,
        s.ftp_rate
    FROM ref_holding AS h
    INNER JOIN src_holding AS s ON s.holding_key = h.holding_key
    WHERE
        h.figure_class IN ('deposit', 'loan')
        AND s.matures_on > coalesce(s.priced_on, s.opened_on)
        AND coalesce(s.priced_on, s.opened_on) <= $business_date
),

kept AS (
    SELECT p.*
    FROM ref_ftp_lock_previous AS p
    INNER JOIN terms AS t
        ON
            t.holding_key = p.holding_key
            AND t.ftp_kind = p.ftp_kind
            AND t.currency = p.currency
            AND t.locked_on = p.locked_on
            AND t.term_days = p.term_days
    WHERE t.ftp_rate IS NULL AND p.origin = 'curve'
),

fresh AS (
    SELECT t.*
    FROM terms AS t
    ANTI JOIN kept AS k ON k.holding_key = t.holding_key
    WHERE t.ftp_rate IS NULL
),

begins AS (SELECT DISTINCT ftp_kind, currency, locked_on FROM fresh),

curve_days AS (SELECT DISTINCT ftp_kind, currency, rate_on FROM src_ftp_rate WHERE rate_on <= $business_date),

in_force AS (
    SELECT b.ftp_kind, b.currency, b.locked_on, max(d.rate_on) AS curve_on
    FROM begins AS b
    INNER JOIN curve_days AS d ON d.ftp_kind = b.ftp_kind AND d.currency = b.currency AND d.rate_on <= b.locked_on
    GROUP BY b.ftp_kind, b.currency, b.locked_on
),

asked AS (
    SELECT DISTINCT f.ftp_kind, f.currency, f.term_days, i.curve_on
    FROM fresh AS f
    INNER JOIN in_force AS i ON i.ftp_kind = f.ftp_kind AND i.currency = f.currency AND i.locked_on = f.locked_on
),

around AS (
    SELECT
        a.ftp_kind,
        a.currency,
        a.term_days,
        a.curve_on,
        max(CASE WHEN c.term_days <= a.term_days THEN c.term_days END) AS term_below,
        min(CASE WHEN c.term_days >= a.term_days THEN c.term_days END) AS term_above
    FROM asked AS a
    INNER JOIN src_ftp_rate AS c ON c.ftp_kind = a.ftp_kind AND c.currency = a.currency AND c.rate_on = a.curve_on
    GROUP BY a.ftp_kind, a.currency, a.term_days, a.curve_on
),

priced AS (
    SELECT
        a.ftp_kind,
        a.currency,
        a.term_days,
        a.curve_on,
        CASE
            WHEN a.term_below IS NULL OR a.term_below = a.term_above THEN u.rate
            WHEN a.term_above IS NULL THEN l.rate
            ELSE CAST(
                l.rate + round_div((u.rate - l.rate) * (a.term_days - a.term_below), a.term_above - a.term_below, 8)
                AS DECIMAL(12, 8)
            )
        END AS rate
    FROM around AS a
    LEFT JOIN src_ftp_rate AS l
        ON
            l.ftp_kind = a.ftp_kind AND l.currency = a.currency AND l.rate_on = a.curve_on AND l.term_days = a.term_below
    LEFT JOIN src_ftp_rate AS u
        ON
            u.ftp_kind = a.ftp_kind AND u.currency = a.currency AND u.rate_on = a.curve_on AND u.term_days = a.term_above
)

SELECT holding_key, ftp_kind, currency, locked_on, term_days, rate, curve_on, origin FROM kept
UNION ALL
SELECT f.holding_key, f.ftp_kind, f.currency, f.locked_on, f.term_days, p.rate, p.curve_on, 'curve' AS origin
FROM fresh AS f
INNER JOIN in_force AS i ON i.ftp_kind = f.ftp_kind AND i.currency = f.currency AND i.locked_on = f.locked_on
INNER JOIN priced AS p
    ON
        p.ftp_kind = f.ftp_kind
        AND p.currency = f.currency
        AND p.term_days = f.term_days
        AND p.curve_on = i.curve_on
UNION ALL
SELECT holding_key, ftp_kind, currency, locked_on, term_days, ftp_rate AS rate, CAST(NULL AS DATE) AS curve_on, 'source' AS origin
FROM terms
WHERE ftp_rate IS NOT NULL
