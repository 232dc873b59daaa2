-- Loans only: the amount lent, from the day it was granted. The bank did not give what was outstanding later. Balances of
-- accounts come from their transactions (option balance_from_transactions).
SELECT
    'L' || loan_id AS holding_id,
    strptime('19' || "date", '%Y%m%d')::DATE AS balance_on,
    $base_currency AS currency,
    amount::DECIMAL(20, 2) AS balance
FROM loan
WHERE strptime('19' || "date", '%Y%m%d')::DATE <= $business_date
