-- Rows of the coverage feed: who looks after whom since when. What is not given stays with the unit's virtual manager.
WITH line_of AS (
    SELECT w.n, w.kind, w.front, w.rank, w.opened_on, CASE w.kind WHEN 'O' THEN 'corporate' ELSE 'retail' END AS line
    FROM owners AS w
    WHERE w.in_core AND (w.n = getvariable('persons') OR w.n = getvariable('persons') + 1
        OR draw('covered', w.n) < CASE w.kind WHEN 'O' THEN 0.97 ELSE 0.45 + 0.40 * w.rank END)
), placed AS (
    SELECT l.*, m.number_of, CASE WHEN l.n BETWEEN getvariable('persons') AND getvariable('persons') + 1 THEN 0
            ELSE draw_int('manager', l.n, m.number_of) END AS first_no,
        greatest(l.opened_on + draw_int('assigned after', l.n, 60), DATE '2019-01-01') AS assigned_on,
        draw('changed hands', l.n) < 0.08 AND m.number_of > 1 AS changed,
        getvariable('start_on') + 20 + draw_int('changed hands on', l.n, 370) AS changed_on,
        (draw('shared', l.n) < 0.06 OR l.n BETWEEN getvariable('persons') AND getvariable('persons') + 1) AND m.number_of > 1 AS shared
    FROM line_of AS l JOIN manager_counts AS m USING (front, line)
), spells AS (
    SELECT *, first_no AS no, 'lead' AS role, CASE WHEN shared THEN 0.7 ELSE 1.0 END AS share, assigned_on AS from_on,
        CASE WHEN changed AND changed_on > assigned_on THEN changed_on END AS to_on FROM placed
    UNION ALL
    SELECT *, (first_no + 1) % number_of, 'lead', CASE WHEN shared THEN 0.7 ELSE 1.0 END, changed_on, NULL FROM placed WHERE changed AND changed_on > assigned_on
    UNION ALL
    SELECT *, (first_no + CASE WHEN changed AND changed_on > assigned_on AND number_of > 2 THEN 2 ELSE 1 END) % number_of, 'assist', 0.3, assigned_on,
        CASE WHEN changed AND changed_on > assigned_on AND number_of = 2 THEN changed_on END FROM placed WHERE shared
), current_on AS (SELECT getvariable('to_on') AS day)
SELECT 'CORE' AS source_system, source_id('CORE', s.n, 0) AS customer_id, 'customer' AS object_type, NULL::VARCHAR AS object_id, m.employee_id,
    s.role AS coverage_role, CAST(s.share AS DECIMAL(12, 8)) AS share, s.from_on, CASE WHEN s.to_on <= day THEN s.to_on END AS to_on
FROM spells AS s JOIN managers AS m ON m.front = s.front AND m.line = s.line AND m.number = s.no CROSS JOIN current_on
WHERE s.from_on BETWEEN getvariable('from_on') AND day OR s.to_on BETWEEN getvariable('from_on') AND day AND s.from_on <= day
UNION ALL
SELECT 'CORE', source_id('CORE', h.n, h.variant), 'holding', holding_number('CORE', h.hid), m.employee_id, 'lead', 1.0, greatest(h.opened_on, DATE '2019-01-01'), NULL
FROM holdings AS h JOIN manager_counts AS c ON c.front = h.front AND c.line = 'retail'
JOIN managers AS m ON m.front = h.front AND m.line = 'retail' AND m.number = draw_int('account manager', h.hid, c.number_of) CROSS JOIN current_on
WHERE h.kind = 'P' AND h.slot = 4 AND h.variant = 0 AND draw('covered account', h.hid) < 0.02 AND h.opened_on BETWEEN getvariable('from_on') AND day
ORDER BY customer_id, object_type, from_on, employee_id
