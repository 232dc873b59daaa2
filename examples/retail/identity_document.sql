-- Numbers in the form of American social security numbers; they are made up.
SELECT client_id AS customer_id, 'other' AS document_type, social AS document_number, TRUE AS is_primary
FROM client
WHERE client_id IN (SELECT client_id FROM disposition JOIN account USING (account_id) WHERE parseddate::DATE <= $business_date)
UNION ALL
SELECT loan_id, 'other', social, TRUE FROM luxury WHERE funded_date::DATE <= $business_date
