-- Rows of the facility feed: those with loans, and those of which a loan changed since `from_day`.
CREATE OR REPLACE MACRO line_number(n) AS ('E' || lpad(n::VARCHAR, 11, '0'));
SELECT 'LOAN' AS source_system, line_number(l.n) AS facility_id, source_id('LOAN', l.n, 0) AS customer_id, 'comprehensive' AS facility_kind,
    'CNY' AS currency, yuan(l.granted) AS limit_amount, yuan(l.drawn) AS drawn_amount, draw('revolving', l.n) < 0.7 AS is_revolving,
    l.secured AS guarantee_kind, l.from_on, l.to_on, f.unit_id,
    CASE WHEN l.drawn = 0 THEN 'ended' WHEN l.days > 90 THEN 'frozen' ELSE 'active' END AS status
FROM lines AS l JOIN fronts AS f USING (front)
WHERE l.changed_day BETWEEN getvariable('from_day') AND getvariable('to_day') AND (l.drawn > 0 OR getvariable('from_day') > 0)
ORDER BY l.n
