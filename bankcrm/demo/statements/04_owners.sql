-- Persons and organisations side by side: what deciding on their business needs.
CREATE OR REPLACE TABLE owners AS
SELECT n, 'P' AS kind, p AS own_no, rank, wealth, front, opened_on, leaves_on, growth, in_core, duplicate, age, FALSE AS sole_trader FROM people
UNION ALL
SELECT n, 'O', o, rank, wealth, front, opened_on, leaves_on, growth, TRUE, draw('company duplicate', o) < 0.02, NULL, sole_trader
FROM companies;
