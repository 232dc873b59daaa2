-- Disponents may dispose of an account that is not theirs.
SELECT d.account_id AS holding_id, d.client_id AS customer_id, 'authorised_signatory' AS party_role
FROM disposition AS d
WHERE d.type = 'DISPONENT'
    AND d.account_id IN (
        SELECT account_id FROM movement WHERE strptime('19' || "date", '%Y%m%d')::DATE <= $business_date
    )
