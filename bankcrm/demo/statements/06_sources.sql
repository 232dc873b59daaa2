-- Married persons who took a home loan together: the other spouse is known to the loan system too.
CREATE OR REPLACE TABLE co_borrowers AS
SELECT h.hid, h.n, s.p AS spouse, h.opened_on
FROM holdings AS h JOIN people AS p ON p.n = h.n JOIN people AS s ON s.house = p.house AND s.p <> p.p
    AND (p.role = 0 AND s.is_spouse OR p.is_spouse AND s.role = 0)
WHERE h.product_class = 'mortgage_loan' AND draw('together', h.hid) < 0.5 AND s.age > 21;

-- The same customer under a different number in each source system; variant 1 is a dirty duplicate inside CORE.
CREATE OR REPLACE TABLE sources AS
SELECT n, kind, own_no, source, variant, source_id(source, n, variant) AS customer_id, min(opened_on) AS opened_on
FROM (
    SELECT n, kind, own_no, source, variant, opened_on FROM holdings
    UNION ALL
    SELECT spouse, 'P', spouse, 'LOAN', 0, opened_on FROM co_borrowers
    UNION ALL
    SELECT n, kind, own_no, 'CORE', 0, opened_on FROM owners WHERE in_core
)
GROUP BY n, kind, own_no, source, variant
ORDER BY source, n, variant;

-- What went wrong when the duplicate was keyed in: 30 % a typing error in the number, 20 % no number, 25 % another
-- spelling of the name, half with another phone or address. Of the typing errors one in ten breaks the check digit,
-- the others passed the teller's screen because the check digit was keyed to fit.
CREATE OR REPLACE TABLE dirt AS
SELECT n, source, variant,
    CASE WHEN draw('document error', n) < 0.03 THEN 'broken' WHEN draw('document error', n) < 0.30 THEN 'typed'
         WHEN draw('document error', n) < 0.50 THEN 'missing' ELSE '' END AS document_error,
    draw('name error', n) < 0.25 AS name_error,
    draw('contact error', n) < 0.50 AS contact_error,
    3 + draw_int('error place', n, 3) AS error_place,
    1 + draw_int('error step', n, 8) AS error_step
FROM sources WHERE variant = 1;
