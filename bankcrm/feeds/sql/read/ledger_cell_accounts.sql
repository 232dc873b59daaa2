-- query: ledger_cell_accounts
-- grain: one row for each account of the cell with a balance at the business date; `limit` of them after `skip`
-- inputs: ref_holding, snap_holding_month
-- months: snap_holding_month month
-- Those that belong to nobody known come first, then the largest; they add up to `accounts` of out_ledger_cell.
WITH cell AS (
    SELECT
        h.holding_key,
        h.customer_id = $unidentified_id AS is_unidentified,
        s.balance_end AS balance
    FROM snap_holding_month AS s
    INNER JOIN ref_holding AS h ON h.holding_key = s.holding_key
    WHERE
        s.month = $month
        AND s.balance_end <> 0
        AND h.unit_id = $unit_id
        AND coalesce(s.currency, h.currency) = $currency
        AND CASE WHEN h.product_class = 'unknown' THEN 'unknown' ELSE h.figure_class END = $account_class
)

SELECT holding_key, is_unidentified, balance
FROM cell
ORDER BY is_unidentified DESC, abs(balance) DESC, holding_key
LIMIT $limit OFFSET $skip
