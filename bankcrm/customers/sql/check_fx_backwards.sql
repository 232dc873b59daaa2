-- step: check_fx_backwards
-- grain: one row for each currency that held money before its first rate, which then held backwards
-- key: currency
-- inputs: ref_holding_seen, src_fx_rate
-- severity: warn
SELECT s.currency, min(s.first_on) AS first_money_on, min(f.first_rate_on) AS first_rate_on
FROM ref_holding_seen AS s
INNER JOIN (SELECT currency, min(rate_on) AS first_rate_on FROM src_fx_rate GROUP BY currency) AS f
    ON f.currency = s.currency AND f.first_rate_on > s.first_on
GROUP BY s.currency
