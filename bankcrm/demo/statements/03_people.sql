-- Persons. Of each five, the first three may be one family: head, spouse, grown-up child; the others live alone.
-- The numbers are put down first: a table is read by all threads, range() by one.
CREATE OR REPLACE TABLE persons AS
SELECT p::BIGINT AS p, p // 5 AS house, p % 5 AS role FROM range(getvariable('persons')) AS r (p);
CREATE OR REPLACE TABLE people AS
WITH households AS (
    SELECT *, 22.0 + 50.0 * draw('age of head', house) AS head_age, draw('head is male', house) < 0.55 AS head_male,
        draw('married', house) < 0.62 AND 22.0 + 50.0 * draw('age of head', house) > 25 AS married
    FROM persons
), roles AS (
    SELECT *, role = 1 AND married AND house * 5 + 1 < getvariable('persons') AS is_spouse,
        role = 2 AND married AND head_age > 44 AND draw('child', house) < 0.6 AS is_child
    FROM households
), aged AS (
    SELECT *,
        CASE WHEN role = 0 THEN head_age WHEN is_spouse THEN head_age - 4.0 + 6.0 * draw('spouse age', p)
             WHEN is_child THEN head_age - 24.0 - 6.0 * draw('child age', p) ELSE 17.0 + 66.0 * pow(draw('age', p), 1.15) END AS age,
        CASE WHEN role = 0 THEN head_male WHEN is_spouse THEN NOT head_male ELSE draw('male', p) < 0.5 END AS male,
        CASE WHEN is_child THEN house * 5 + CASE WHEN head_male THEN 0 ELSE 1 END ELSE p END AS surname_of,
        CASE WHEN role = 0 OR is_spouse OR is_child THEN house ELSE 1000000000 + p END AS home,
        even_rank(p, getvariable('persons'), 'person rank') AS raw_rank
    FROM roles
), dated AS (
    SELECT *, getvariable('business_on') - CAST(age * 365.25 AS INTEGER) AS birth_on,
        CASE WHEN age < 24 THEN raw_rank * 0.8 ELSE raw_rank END AS rank,
        draw_item('front', home, getvariable('front_slots')) AS front
    FROM aged
), worded AS (
    SELECT *,
        CASE WHEN male THEN CASE WHEN year(birth_on) < 1970 THEN getvariable('male_old')
                                 WHEN year(birth_on) < 1992 THEN getvariable('male_middle') ELSE getvariable('male_young') END
             ELSE CASE WHEN year(birth_on) < 1970 THEN getvariable('female_old')
                       WHEN year(birth_on) < 1992 THEN getvariable('female_middle') ELSE getvariable('female_young') END END AS given
    FROM dated
), regional AS (
    SELECT w.*, f.district_code AS home_code, f.district, f.city,
        CASE WHEN draw('born', home) < 0.70 THEN f.district_code::INTEGER
             WHEN draw('born', home) < 0.93 THEN draw_item('born where', home, getvariable('district_codes'))
             ELSE draw_item('born outside', home, getvariable('other_regions')) END AS region
    FROM worded AS w JOIN fronts AS f USING (front)
), named AS (
    SELECT *,
        CASE WHEN draw('minority', p) < 0.003 THEN draw_item('minority name', p, getvariable('minority_names'))
             ELSE draw_item('surname', surname_of, getvariable('surname_slots')) || draw_item('given first', p, given)
                || CASE WHEN draw('short name', p) < 0.18 THEN '' ELSE draw_item('given second', p, given) END END AS name,
        row_number() OVER (PARTITION BY region, birth_on, male ORDER BY p) - 1 AS twin
    FROM regional
)
SELECT p, p AS n, house, role, home, is_spouse, is_child, married, age, male, birth_on, name, front, home_code, district, city, region, rank,
    resident_id(region, ymd(birth_on), 2 * CAST((draw_int('sequence', region::BIGINT * 100000000 + ymd(birth_on), 400) + twin) % 480 + 10 AS INTEGER)
        + CASE WHEN male THEN 1 ELSE 0 END) AS resident_id,
    CAST(100 * log_logistic(rank, 12000, 0.75) AS BIGINT) AS wealth,
    CAST(round(45000 * pow(rank / (1 - rank), 0.32) * (0.7 + 0.6 * draw('income', p)), -3) AS BIGINT) AS annual_income,
    getvariable('mobile_prefixes')[1 + draw_int('mobile prefix', p, len(getvariable('mobile_prefixes')))]
        || lpad(scattered(p + 31, 61681, 100000000)::VARCHAR, 8, '0') AS mobile,
    draw('payroll', p) < 0.17 AND age BETWEEN 21 AND 59 AS payroll,
    age >= 60 AND draw('pension', p) < 0.12 AS pension,
    draw('in core', p) < 0.965 OR p < 50 AS in_core,
    draw('duplicate', p) < 0.05 AND draw('in core', p) < 0.965 AS duplicate,
    draw_normal('growth', p) * 0.20 + 0.05 AS growth,
    draw('leaver', p) < 0.045 AND wealth > 2000000 AND draw('new', p) < 0.88 AS leaver,
    CASE WHEN draw('new', p) < 0.88
        THEN greatest(birth_on + 5900, DATE '2001-01-01') + CAST(draw('since', p)
             * greatest(getvariable('start_on') - 1 - greatest(birth_on + 5900, DATE '2001-01-01'), 0) AS INTEGER)
        ELSE greatest(birth_on + 5900, getvariable('start_on')) + CAST(draw('since', p)
             * greatest(getvariable('horizon_on') - greatest(birth_on + 5900, getvariable('start_on')), 0) AS INTEGER) END AS opened_on,
    CASE WHEN leaver THEN getvariable('business_on') - 95 - draw_int('leaves', p, 30) END AS leaves_on
FROM named;
