-- step: ref_holding
-- grain: one row for each holding, as known now
-- key: holding_key
-- inputs: src_holding, src_product, ref_holding_seen, ref_customer_map
-- sort: customer_id, holding_key
-- Holdings known only from balances or transactions (is_stub) belong to the unidentified customer, as do those of a
-- source customer nobody knows: totals tie. A credit card's balance is what is owed. contingent: what the bank has promised
-- to pay for the customer (off the balance sheet); a discounted bill and a trade advance are lent money and count as loans.
WITH held AS (
    SELECT
        holding_key, source_system, holding_id, source_key, account_number, product_id, unit_id, currency, status,
        opened_on, matures_on, closed_on, rate, contract_amount, account_nature, FALSE AS is_stub
    FROM src_holding
    UNION ALL
    SELECT
        s.holding_key, s.source_system, s.holding_id, '' AS source_key, NULL AS account_number, '' AS product_id,
        '' AS unit_id, s.currency, 'active' AS status, NULL AS opened_on, NULL AS matures_on, NULL AS closed_on,
        NULL AS rate, NULL AS contract_amount, NULL AS account_nature, TRUE AS is_stub
    FROM ref_holding_seen AS s
    ANTI JOIN src_holding AS h ON h.holding_key = s.holding_key
)

SELECT
    h.holding_key,
    h.source_key,
    coalesce(m.customer_id, $unidentified_id) AS customer_id,
    h.account_number,
    h.product_id,
    coalesce(p.product_class, 'unknown') AS product_class,
    CASE
        WHEN p.product_class IN (
            'demand_deposit', 'time_deposit', 'notice_deposit', 'margin_deposit', 'structured_deposit'
        ) THEN 'deposit'
        WHEN p.product_class IN (
            'wealth', 'fund', 'insurance', 'treasury_bond', 'precious_metal', 'trust', 'securities_custody'
        ) THEN 'investment'
        WHEN p.product_class IN (
            'working_capital_loan', 'project_loan', 'mortgage_loan', 'consumer_loan', 'business_loan', 'bill_discount',
            'trade_loan'
        ) THEN 'loan'
        WHEN p.product_class IN ('acceptance', 'letter_of_credit', 'guarantee') THEN 'contingent'
        WHEN p.product_class = 'credit_card' THEN 'card'
        ELSE 'other'
    END AS figure_class,
    p.business_line AS line,
    h.unit_id,
    h.currency,
    h.status,
    h.opened_on,
    h.matures_on,
    h.closed_on,
    h.rate,
    h.contract_amount,
    h.account_nature,
    h.source_system,
    h.holding_id,
    h.is_stub
FROM held AS h
LEFT JOIN ref_customer_map AS m ON m.source_key = h.source_key
LEFT JOIN src_product AS p ON p.product_id = h.product_id
