-- step: out_holding_current
-- grain: one row for each holding
-- key: holding_key
-- inputs: ref_holding, ref_closing, snap_holding_month
-- sort: holding_key
-- balance in the holding's currency, the rest in base currency. NULL where no balance was ever delivered; a closed
-- holding has 0.
SELECT
    h.holding_key,
    CASE WHEN c.closed_on <= $business_date THEN 0 ELSE n.balance_end END AS balance,
    CASE WHEN c.closed_on <= $business_date THEN 0 ELSE n.balance_end_base END AS balance_base,
    CASE
        WHEN n.holding_key IS NULL AND c.closed_on <= $business_date THEN 0
        ELSE money_div(n.accumulated_base, n.days)
    END AS average_base,
    money_div(l.accumulated_base, l.days) AS average_last_month_base
FROM ref_holding AS h
LEFT JOIN ref_closing AS c ON c.holding_key = h.holding_key
LEFT JOIN (SELECT * FROM snap_holding_month WHERE month = $month) AS n ON n.holding_key = h.holding_key
LEFT JOIN (SELECT * FROM snap_holding_month WHERE month = $last_month) AS l ON l.holding_key = h.holding_key
