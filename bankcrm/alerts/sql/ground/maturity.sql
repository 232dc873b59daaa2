-- Deposits, investments, loans, and bills and promises of the bank that mature soon. The last index of holdings leads to them.
SELECT
    r.kind, h.customer_id, h.key AS object_key, h.matures_on AS occasion_on, h.balance_base AS amount,
    r.unit_id, r.due_at, r.goes_to
FROM customers_holding h
JOIN customers_customer c ON c.id = h.customer_id AND c.status = 'active'
JOIN alert_rule_now r ON r.unit_id = c.owning_unit_id
    AND r.kind = CASE h.figure_class WHEN 'deposit' THEN 'deposit_maturity' WHEN 'investment' THEN 'wealth_maturity'
        WHEN 'loan' THEN 'loan_maturity' WHEN 'contingent' THEN 'contingent_maturity' END
WHERE
    h.status = 'active' AND h.matures_on BETWEEN %(day)s AND %(day)s::date + %(furthest)s::int
    AND h.matures_on <= %(day)s::date + r.days_ahead AND abs(h.balance_base) >= r.min_amount AND h.balance_base <> 0
