-- Accounts by how often they send a statement, loans by what they are for, cards by their type.
SELECT DISTINCT 'ACCOUNT ' || frequency AS product_id, 'Current account, ' || lower(frequency) AS name,
    'Current account, ' || lower(frequency) AS name_en, 'demand_deposit' AS product_class, 'retail' AS business_line,
    $base_currency AS currency
FROM account
UNION ALL
SELECT DISTINCT 'LOAN ' || l.purpose, 'Loan: ' || replace(l.purpose, '_', ' '), 'Loan: ' || replace(l.purpose, '_', ' '),
    coalesce(h.value, 'consumer_loan'), 'retail', $base_currency
FROM loan AS l LEFT JOIN code_home_loan AS h ON h.code = l.purpose
UNION ALL
SELECT DISTINCT 'LUXURY ' || l.purpose, 'Luxury loan: ' || replace(l.purpose, 'commerical', 'commercial'),
    'Luxury loan: ' || replace(l.purpose, 'commerical', 'commercial'), coalesce(h.value, 'consumer_loan'), 'retail', $base_currency
FROM luxury AS l LEFT JOIN code_home_loan AS h ON h.code = l.purpose
UNION ALL
SELECT DISTINCT 'CARD ' || type, type, type, 'debit_card', 'retail', $base_currency FROM card
