-- Employers are organisations with the payroll service, the larger ones first; each pays on the 5th, 10th or 15th.
CREATE OR REPLACE TABLE employers AS
SELECT row_number() OVER (ORDER BY c.wealth DESC, c.o) - 1 AS place, c.o, c.name,
    [5, 10, 15, 10][1 + draw_int('payday', c.o, 4)] AS payday
FROM companies AS c JOIN holdings AS h ON h.n = c.n AND h.product_id = 'Y112'
WHERE h.opened_on < getvariable('start_on') AND h.ends_on IS NULL AND NOT c.leaver AND c.opened_on < getvariable('start_on');

-- Who is paid by whom. Large employers have more: their place in the list is drawn to the front.
CREATE OR REPLACE TABLE employees AS
WITH placed AS (
    SELECT p, n, opened_on, leaves_on, annual_income, CAST(floor(pow(draw('employer', p), 2.2) * many) AS BIGINT) AS place
    FROM people CROSS JOIN (SELECT count(*) AS many FROM employers)
    WHERE payroll AND in_core
)
SELECT p.p, p.n, p.n * 32 AS hid, e.o, e.name AS employer, e.payday, p.opened_on, p.leaves_on,
    100 * CAST(greatest(2800, p.annual_income / 13.0) AS BIGINT) AS salary
FROM placed AS p JOIN employers AS e USING (place);

CREATE OR REPLACE TABLE months AS
SELECT row_number() OVER (ORDER BY first_on) - 1 AS m, first_on, day_number(first_on) AS first_day, day(last_day(first_on))::INTEGER AS days,
    month(first_on)::INTEGER AS month_no
FROM (SELECT unnest(generate_series(getvariable('start_on'), getvariable('horizon_on'), INTERVAL 1 MONTH))::DATE AS first_on);

-- What each person is paid each month, and so what each employer pays. The year-end bonus comes in January.
CREATE OR REPLACE TABLE wages AS
SELECT e.hid, e.o, m.m, m.first_day + e.payday - 1 AS day,
    e.salary + CASE WHEN m.month_no = 1 THEN e.salary ELSE 0 END + 100 * draw_int('overtime', e.hid + m.m * 100000000, 300) AS amount
FROM employees AS e CROSS JOIN months AS m
WHERE m.first_day + e.payday - 1 BETWEEN greatest(day_number(e.opened_on) + 1, day_number(getvariable('start_on')))
        AND day_number(coalesce(e.leaves_on, getvariable('horizon_on')));
CREATE OR REPLACE TABLE payrolls AS
SELECT o, m, min(day) AS day, sum(amount)::BIGINT AS amount, count(*) AS heads FROM wages GROUP BY o, m;
