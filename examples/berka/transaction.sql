-- Type and channel by what the payment is for (k_symbol, which is sometimes one blank), else by how it was done.
WITH booked AS (
    SELECT *, strptime('19' || "date", '%Y%m%d')::DATE AS booked_on, nullif(trim(k_symbol), '') AS symbol FROM movement
)
SELECT
    m.trans_id AS transaction_id,
    m.account_id AS holding_id,
    m.booked_on AS transacted_on,
    d.value AS direction,
    m.amount::DECIMAL(20, 2) AS amount,
    $base_currency AS currency,
    m.balance::DECIMAL(20, 2) AS balance_after,
    coalesce(st.value, ot.value, 'other') AS transaction_type,
    coalesce(sc.value, oc.value) AS channel,
    m.account AS counterparty_account,
    m.bank AS counterparty_bank,
    nullif(concat_ws(' ', m.operation, m.symbol), '') AS summary
FROM booked AS m
LEFT JOIN code_direction AS d ON d.code = m.type
LEFT JOIN code_symbol_type AS st ON st.code = m.symbol
LEFT JOIN code_operation_type AS ot ON ot.code = m.operation
LEFT JOIN code_symbol_channel AS sc ON sc.code = m.symbol
LEFT JOIN code_operation_channel AS oc ON oc.code = m.operation
WHERE m.booked_on <= $business_date
