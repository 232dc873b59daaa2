-- fact: ledger_cell
-- grain: one row for each booking unit, currency and account class compared with the ledger on the business date
-- key: unit_code, currency, account_class
-- inputs: out_ledger_cell
SELECT unit_id AS unit_code, currency, account_class, as_of, ledger, accounts, unidentified, difference, account_count
FROM out_ledger_cell
