-- Loans only: the accounts' transactions are not among the files. Of a loan the amount lent, from the day it was granted;
-- the files do not say what is left. Of a luxury loan what is left, as of the last day of its portfolio's year.
SELECT loan_id AS holding_id, fulldate::DATE AS balance_on, $base_currency AS currency, amount::DECIMAL(20, 2) AS balance
FROM loan
WHERE fulldate::DATE <= $business_date
UNION ALL
SELECT loan_id, funded_date::DATE, $base_currency, funded_amount::DECIMAL(20, 2)
FROM luxury
WHERE funded_date::DATE <= least($business_date, DATE '2019-12-30')
UNION ALL
SELECT loan_id, DATE '2019-12-31', $base_currency, loan_balance::DECIMAL(20, 2)
FROM luxury
WHERE funded_date::DATE <= $business_date AND $business_date >= DATE '2019-12-31'
