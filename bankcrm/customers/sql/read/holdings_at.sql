-- query: holdings_at
-- grain: one row for each holding opened by the end of the month
-- inputs: ref_holding, ref_month, snap_holding_month
-- months: snap_holding_month month
-- Unit, product and status as known now; balances and is_open as of the month's end (the business date in the current
-- month). NULL balances: none was ever delivered; 0: there was one, or the holding is closed.
WITH held AS (
    SELECT *
    FROM ref_holding
    WHERE
        customer_id = $customer_id
        AND (CAST($unit_ids AS VARCHAR []) IS NULL OR list_contains(CAST($unit_ids AS VARCHAR []), unit_id))
),

-- joined on its own: so the few keys spare most of the month's file
known AS (
    SELECT s.*
    FROM snap_holding_month AS s
    INNER JOIN held AS h ON h.holding_key = s.holding_key
)

SELECT
    h.holding_key,
    h.source_key,
    h.account_number,
    h.product_id,
    h.product_class,
    h.figure_class,
    h.line,
    h.unit_id,
    h.currency,
    h.status,
    h.opened_on,
    h.matures_on,
    h.closed_on,
    h.rate,
    h.contract_amount,
    h.account_nature,
    h.is_stub,
    h.closed_on IS NULL OR h.closed_on >= m.month_end AS is_open,
    CASE WHEN h.closed_on < m.month_end THEN 0 ELSE s.balance_end END AS balance,
    CASE WHEN h.closed_on < m.month_end THEN 0 ELSE s.balance_end_base END AS balance_base,
    money_div(s.accumulated_base, s.days) AS average_base,
    money_div(s.accumulated, s.days) AS average,
    money_div(s.accumulated, s.days_held) AS life_average
FROM held AS h
INNER JOIN ref_month AS m ON m.month = $month
LEFT JOIN known AS s ON s.holding_key = h.holding_key
WHERE h.opened_on IS NULL OR h.opened_on < m.month_end
ORDER BY h.product_class, h.holding_key
