-- Accounts by how often they send a statement, loans by their term, cards by their type.
SELECT 'ACCOUNT ' || code AS product_id, value AS name, value AS name_en,
    'demand_deposit' AS product_class, 'retail' AS business_line, $base_currency AS currency, NULL AS term_days
FROM code_statement
UNION ALL
SELECT DISTINCT 'LOAN ' || duration, 'Loan over ' || duration || ' months', 'Loan over ' || duration || ' months',
    'consumer_loan', 'retail', $base_currency, NULL
FROM loan
UNION ALL
SELECT 'CARD ' || code, value, value, 'debit_card', 'retail', $base_currency, NULL FROM code_card_product
