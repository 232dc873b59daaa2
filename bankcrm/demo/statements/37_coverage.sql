-- Rows of the coverage feed: who looks after whom since when. What is not given stays with the unit's virtual manager.
WITH line_of AS (
    SELECT w.n, w.kind, w.front, w.rank, w.opened_on, CASE w.kind WHEN 'O' THEN 'corporate' ELSE 'retail' END AS line
    FROM owners AS w
    WHERE w.in_core AND (w.n = getvariable('persons') OR w.n = getvariable('persons') + 1
        OR draw('covered', w.n) < CASE w.kind WHEN 'O' THEN 0.97 ELSE 0.45 + 0.40 * w.rank END)
), placed AS (
    SELECT l.*, m.branch, m.pool_size, m.first_place + CASE WHEN l.n BETWEEN getvariable('persons') AND getvariable('persons') + 1 THEN 0
            ELSE draw_int('manager', l.n, m.number_of) END AS place,
        greatest(l.opened_on + draw_int('assigned after', l.n, 60), DATE '2019-01-01') AS assigned_on,
        getvariable('start_on') + 20 + draw_int('changed hands on', l.n, 370) AS changed_on,
        draw('shared', l.n) < 0.06 OR l.n BETWEEN getvariable('persons') AND getvariable('persons') + 1 AS shared
    FROM line_of AS l JOIN manager_counts AS m USING (front, line)
), handed AS (
    SELECT *, draw('changed hands', n) < 0.08 AND changed_on > assigned_on AND pool_size > 2 AS changed FROM placed
), spells AS (
    -- Before a change the next manager of the branch led; whoever assists is the one after that.
    SELECT *, place AS held_by, 'lead' AS role, CASE WHEN shared THEN 0.7 ELSE 1.0 END AS share,
        CASE WHEN changed THEN changed_on ELSE assigned_on END AS from_on, NULL::DATE AS to_on FROM handed
    UNION ALL
    SELECT *, (place + 1) % pool_size, 'lead', CASE WHEN shared THEN 0.7 ELSE 1.0 END, assigned_on, changed_on FROM handed WHERE changed
    UNION ALL
    SELECT *, (place + 2) % pool_size, 'assist', 0.3, assigned_on, NULL FROM handed WHERE shared AND pool_size > 2
), current_on AS (SELECT getvariable('to_on') AS day)
SELECT 'CORE' AS source_system, source_id('CORE', s.n, 0) AS customer_id, 'customer' AS object_type, NULL::VARCHAR AS object_id, m.employee_id,
    s.role AS coverage_role, CAST(s.share AS DECIMAL(12, 8)) AS share, s.from_on, CASE WHEN s.to_on <= day THEN s.to_on END AS to_on
FROM spells AS s JOIN managers AS m ON m.branch = s.branch AND m.line = s.line AND m.place = s.held_by CROSS JOIN current_on
WHERE s.from_on BETWEEN getvariable('from_on') AND day OR s.to_on BETWEEN getvariable('from_on') AND day AND s.from_on <= day
UNION ALL
SELECT 'CORE', source_id('CORE', h.n, h.variant), 'holding', holding_number('CORE', h.hid), m.employee_id, 'lead', 1.0, greatest(h.opened_on, DATE '2019-01-01'), NULL
FROM holdings AS h JOIN manager_counts AS c ON c.front = h.front AND c.line = 'retail'
JOIN managers AS m ON m.front = h.front AND m.line = 'retail' AND m.number = draw_int('account manager', h.hid, c.number_of) CROSS JOIN current_on
WHERE h.kind = 'P' AND h.slot = 4 AND h.variant = 0 AND draw('covered account', h.hid) < 0.02 AND h.opened_on BETWEEN getvariable('from_on') AND day
ORDER BY customer_id, object_type, from_on, employee_id
