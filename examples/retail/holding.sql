-- Accounts keep their number; loans belong to the owner of their account, cards to the client they were issued to. Loans
-- of status A are paid back: they end with their term. What was lent beyond 2019-12-31 does not exist in the files.
WITH owner AS (
    SELECT account_id, client_id FROM disposition WHERE type = 'Owner'
),
granted AS (
    SELECT *, fulldate::DATE AS opened_on, (fulldate::DATE + to_months(duration::INTEGER))::DATE AS matures_on FROM loan
)
SELECT
    a.account_id AS holding_id, o.client_id AS customer_id, a.account_id AS account_number,
    'ACCOUNT ' || a.frequency AS product_id, a.district_id AS unit_id, $base_currency AS currency, 'active' AS status,
    a.parseddate::DATE AS opened_on, NULL::DATE AS matures_on, NULL::DATE AS closed_on, NULL::DECIMAL(12, 8) AS rate,
    NULL::DECIMAL(20, 2) AS contract_amount
FROM account AS a JOIN owner AS o USING (account_id)
WHERE a.parseddate::DATE <= $business_date
UNION ALL
SELECT
    l.loan_id, o.client_id, l.loan_id, 'LOAN ' || l.purpose, a.district_id, $base_currency,
    CASE WHEN l.status = 'A' AND l.matures_on <= $business_date THEN 'closed' ELSE 'active' END, l.opened_on, l.matures_on,
    CASE WHEN l.status = 'A' AND l.matures_on <= $business_date THEN l.matures_on END, NULL, l.amount::DECIMAL(20, 2)
FROM granted AS l JOIN account AS a USING (account_id) JOIN owner AS o USING (account_id)
WHERE l.opened_on <= $business_date
UNION ALL
SELECT
    c.card_id, d.client_id, c.card_id, 'CARD ' || c.type, a.district_id, $base_currency, 'active', c.fulldate::DATE, NULL, NULL,
    NULL, NULL
FROM card AS c JOIN disposition AS d USING (disp_id) JOIN account AS a USING (account_id)
WHERE c.fulldate::DATE <= $business_date
UNION ALL
SELECT
    loan_id, loan_id, loan_id, 'LUXURY ' || purpose, '1', $base_currency, 'active', funded_date::DATE,
    (funded_date::DATE + to_months(duration_months::INTEGER))::DATE, NULL, interest_rate::DECIMAL(12, 8), funded_amount::DECIMAL(20, 2)
FROM luxury
WHERE funded_date::DATE <= $business_date
