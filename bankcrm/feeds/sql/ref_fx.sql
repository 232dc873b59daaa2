-- step: ref_fx
-- grain: one row for each currency and period in which its rate stays the same; half-open [from_on, to_on)
-- key: currency, from_on
-- inputs: src_fx_rate
-- sort: currency, from_on
-- Base currency for one unit. Days without a rate carry the one before; the first known rate also holds before its day
-- (check_fx_backwards counts where that matters). The base currency itself is 1.
WITH rates AS (
    SELECT
        currency,
        rate_on,
        CAST(round_div(middle_rate, coalesce(nullif(per_units, 0), 1), 8) AS DECIMAL(18, 8)) AS rate,
        row_number() OVER (PARTITION BY currency ORDER BY rate_on) AS place,
        lead(rate_on) OVER (PARTITION BY currency ORDER BY rate_on) AS next_on
    FROM src_fx_rate
    WHERE currency <> $base_currency AND rate_on <= $business_date
)

SELECT
    currency,
    CASE WHEN place = 1 THEN DATE '1800-01-01' ELSE rate_on END AS from_on,
    coalesce(next_on, DATE '9999-12-31') AS to_on,
    rate
FROM rates
UNION ALL
SELECT
    $base_currency AS currency,
    DATE '1800-01-01' AS from_on,
    DATE '9999-12-31' AS to_on,
    CAST(1 AS DECIMAL(18, 8)) AS rate
