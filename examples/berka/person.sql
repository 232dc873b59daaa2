-- Clients of the accounts that have moved by the business date. Clients have no names. A birth number is YYMMDD, with 50
-- added to the month for women; a client is one since the day of the first of these accounts.
WITH active AS (
    SELECT DISTINCT account_id FROM movement WHERE strptime('19' || "date", '%Y%m%d')::DATE <= $business_date
),
since AS (
    SELECT d.client_id, min(strptime('19' || a."date", '%Y%m%d')::DATE) AS opened_on
    FROM disposition AS d JOIN account AS a USING (account_id)
    WHERE d.account_id IN (SELECT account_id FROM active)
    GROUP BY d.client_id
),
born AS (
    SELECT *, birth_number[3:4]::INTEGER AS birth_month FROM client
)
SELECT
    c.client_id AS customer_id,
    CASE WHEN c.birth_month > 50 THEN 'female' ELSE 'male' END AS gender,
    make_date(
        1900 + c.birth_number[1:2]::INTEGER,
        CASE WHEN c.birth_month > 50 THEN c.birth_month - 50 ELSE c.birth_month END,
        c.birth_number[5:6]::INTEGER
    ) AS birth_on,
    c.district_id AS unit_id,
    s.opened_on
FROM born AS c JOIN since AS s USING (client_id)
