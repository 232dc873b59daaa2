-- Curves of transfer prices: on the first of each month before the history shown, on Mondays since then.
WITH days AS (
    SELECT unnest(generate_series(DATE '2013-01-01', getvariable('start_on') - 1, INTERVAL 1 MONTH))::DATE AS rate_on
    UNION ALL
    SELECT d::DATE FROM (SELECT unnest(generate_series(getvariable('start_on'), getvariable('horizon_on'), INTERVAL 1 DAY)) AS d) WHERE isodow(d) = 1
)
SELECT ftp_kind, currency, term_days, rate_on,
    round(CASE currency WHEN 'CNY' THEN 0.0105 + 0.0009 * (2026 - year(rate_on)) ELSE 0.0300 END + 0.0040 * ln(1 + term_days / 365.0)
        + CASE ftp_kind WHEN 'loan' THEN 0.0015 ELSE 0 END + 0.0008 * draw_normal('curve', day_number(rate_on) + 7 * ascii(currency)), 4) AS rate
FROM days CROSS JOIN (SELECT unnest([1, 7, 30, 90, 180, 365, 730, 1095, 1825, 3650, 7300, 10950]) AS term_days)
    CROSS JOIN (VALUES ('deposit'), ('loan')) AS k (ftp_kind) CROSS JOIN (VALUES ('CNY'), ('USD')) AS c (currency)
WHERE rate_on BETWEEN getvariable('from_on') AND getvariable('to_on')
ORDER BY rate_on, ftp_kind, currency, term_days
