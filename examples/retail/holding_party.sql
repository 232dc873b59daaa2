-- Users may dispose of an account that is not theirs.
SELECT d.account_id AS holding_id, d.client_id AS customer_id, 'authorised_signatory' AS party_role
FROM disposition AS d JOIN account AS a USING (account_id)
WHERE d.type = 'User' AND a.parseddate::DATE <= $business_date
