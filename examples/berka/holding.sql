-- Accounts that have moved, loans granted and cards issued by the business date. Accounts keep their number as holding
-- id; loans and cards, whose numbers begin at 1 too, get a letter before theirs. What became of a loan later (its
-- status at the end of 1998) is not told: on the business date nobody knew.
WITH active AS (
    SELECT DISTINCT account_id FROM movement WHERE strptime('19' || "date", '%Y%m%d')::DATE <= $business_date
),
owner AS (
    SELECT account_id, client_id FROM disposition WHERE type = 'OWNER'
),
granted AS (
    SELECT *, strptime('19' || "date", '%Y%m%d')::DATE AS opened_on FROM loan
)
SELECT
    a.account_id AS holding_id,
    o.client_id AS customer_id,
    a.account_id AS account_number,
    'ACCOUNT ' || a.frequency AS product_id,
    a.district_id AS unit_id,
    $base_currency AS currency,
    'active' AS status,
    strptime('19' || a."date", '%Y%m%d')::DATE AS opened_on,
    NULL::DATE AS matures_on,
    NULL::DECIMAL(20, 2) AS contract_amount
FROM account AS a JOIN owner AS o USING (account_id)
WHERE a.account_id IN (SELECT account_id FROM active)
UNION ALL
SELECT
    'L' || l.loan_id,
    o.client_id,
    l.loan_id,
    'LOAN ' || l.duration,
    a.district_id,
    $base_currency,
    'active',
    l.opened_on,
    (l.opened_on + to_months(l.duration::INTEGER))::DATE,
    l.amount::DECIMAL(20, 2)
FROM granted AS l JOIN account AS a USING (account_id) JOIN owner AS o USING (account_id)
WHERE l.opened_on <= $business_date
UNION ALL
SELECT
    'C' || c.card_id,
    d.client_id,
    c.card_id,
    'CARD ' || c.type,
    a.district_id,
    $base_currency,
    'active',
    strptime('19' || c.issued[1:6], '%Y%m%d')::DATE,
    NULL,
    NULL
FROM card AS c JOIN disposition AS d USING (disp_id) JOIN account AS a USING (account_id)
WHERE strptime('19' || c.issued[1:6], '%Y%m%d')::DATE <= $business_date
