-- fact: person_profile
-- grain: one row for each person
-- key: customer_id
-- inputs: golden
SELECT
    id AS customer_id,
    coalesce(gender, '') AS gender, birth_on, coalesce(nationality, '') AS nationality,
    coalesce(marital_status, '') AS marital_status, coalesce(education, '') AS education,
    coalesce(occupation, '') AS occupation, coalesce(employer_name, '') AS employer_name, annual_income
FROM golden
WHERE kind = 'person'
