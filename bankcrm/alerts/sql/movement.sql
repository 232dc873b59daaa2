-- fact: movement
-- grain: one row for each customer and day of the last days with a large net movement on deposit accounts
-- key: customer_id, moved_on
-- inputs: fact_transaction, ref_holding, ref_fx, ref_setting
-- Netted by customer and day, so that moving money between one's own accounts is no movement, and several payments are
-- one. What stays within the bank's own business with the customer does not count: subscriptions, redemptions, loans.
SELECT
    h.customer_id, t.transacted_on AS moved_on,
    CAST(sum(
        CASE WHEN t.direction = 'credit' THEN 1 ELSE -1 END * CAST(t.amount * f.rate AS DECIMAL(20, 2))
    ) AS DECIMAL(20, 2)) AS net_base
FROM fact_transaction t
JOIN ref_holding h ON h.holding_key = t.holding_key
CROSS JOIN ref_setting s
JOIN ref_fx f ON f.currency = t.currency AND f.from_on <= t.transacted_on AND f.to_on > t.transacted_on
WHERE
    h.figure_class = 'deposit' AND h.customer_id <> s.unidentified_id
    AND t.transacted_on > s.business_date - 10 AND t.transacted_on <= s.business_date
    AND coalesce(t.transaction_type, '') NOT IN (
        'opening', 'subscription', 'redemption', 'loan_drawdown', 'loan_repayment', 'interest', 'fee'
    )
GROUP BY h.customer_id, t.transacted_on
HAVING abs(sum(CASE WHEN t.direction = 'credit' THEN 1 ELSE -1 END * CAST(t.amount * f.rate AS DECIMAL(20, 2)))) >= 50000
