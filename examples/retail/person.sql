-- The clients of the accounts, and the borrowers of the luxury loans, who are known by their loan only. A client is one
-- since the first of the accounts; a district that a client lives in is the branch.
WITH since AS (
    SELECT d.client_id, min(a.parseddate::DATE) AS opened_on
    FROM disposition AS d JOIN account AS a USING (account_id)
    WHERE a.parseddate::DATE <= $business_date
    GROUP BY d.client_id
)
SELECT c.client_id AS customer_id, concat_ws(' ', c.first, c.middle, c.last) AS name, g.value AS gender,
    make_date(c.year::INTEGER, c.month::INTEGER, c.day::INTEGER) AS birth_on, c.district_id AS unit_id, s.opened_on
FROM client AS c JOIN since AS s USING (client_id) LEFT JOIN code_gender AS g ON g.code = c.sex
UNION ALL
SELECT loan_id, concat_ws(' ', firstname, middlename, lastname), NULL, NULL, '1', funded_date::DATE
FROM luxury WHERE funded_date::DATE <= $business_date
