-- Telephone, e-mail and address of each client; telephone and address of each borrower of a luxury loan.
WITH known AS (
    SELECT * FROM client
    WHERE client_id IN (SELECT client_id FROM disposition JOIN account USING (account_id) WHERE parseddate::DATE <= $business_date)
),
lent AS (
    SELECT * FROM luxury WHERE funded_date::DATE <= $business_date
)
SELECT client_id AS customer_id, 'phone' AS contact_type, 'primary' AS purpose, phone AS value, NULL AS district FROM known
UNION ALL
SELECT client_id, 'email', 'primary', email, NULL FROM known
UNION ALL
SELECT client_id, 'address', 'home', concat_ws(', ', address_1, nullif(address_2, 'N/A'), city, state || ' ' || zipcode), city
FROM known
UNION ALL
SELECT loan_id, 'phone', 'primary', phone, NULL FROM lent
UNION ALL
SELECT loan_id, 'address', 'home', concat_ws(', ', regexp_replace(address_1, ' +', ' ', 'g'), nullif(address_2, ''), city, upper(state) || ' ' || zip_code), city
FROM lent
