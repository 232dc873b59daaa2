-- Adds what the sealed audit tells of, after %(from)s up to %(to)s. The seal gives committed events one order without
-- gaps, so that each counts once; to its function, and to all of them together (the function without a name).
-- Unit and role are those of the event; without a post, the user's home unit.
INSERT INTO system_usage AS kept (
    grain, start, user_id, unit_id, role, function, logins, searches, reveals, exports, contacts
)
SELECT
    g.grain,
    g.start,
    n.user_id,
    n.unit_id,
    n.role,
    f.function,
    count(*) FILTER (WHERE n.measure = 'logins'),
    count(*) FILTER (WHERE n.measure = 'searches'),
    count(*) FILTER (WHERE n.measure = 'reveals'),
    count(*) FILTER (WHERE n.measure = 'exports'),
    count(*) FILTER (WHERE n.measure = 'contacts')
FROM (
    SELECT
        (e.occurred_at AT TIME ZONE %(zone)s)::date AS day,
        e.user_id,
        coalesce(e.unit_id, p.home_unit_id) AS unit_id,
        e.role,
        coalesce(nullif(d.function, ''), l.function, %(other)s) AS function,
        d.measure
    FROM core_auditseal AS s
    INNER JOIN core_auditevent AS e ON s.event_id = e.id AND s.occurred_at = e.occurred_at
    INNER JOIN unnest(%(actions)s::text [], %(measures)s::text [], %(functions)s::text [])
        AS d (action, measure, function) ON e.action = d.action
    INNER JOIN org_user AS p ON e.user_id = p.id
    LEFT JOIN unnest(%(lists)s::text [], %(list_functions)s::text []) AS l (code, function)
        ON e.detail ->> 'list' = l.code
    WHERE s.position > %(from)s AND s.position <= %(to)s
) AS n
CROSS JOIN
    LATERAL (
        VALUES
        ('day', n.day),
        ('week', date_trunc('week', n.day::timestamp)::date),
        ('month', date_trunc('month', n.day::timestamp)::date)
    ) AS g (grain, start)
CROSS JOIN LATERAL (VALUES (n.function), ('')) AS f (function)
GROUP BY g.grain, g.start, n.unit_id, n.user_id, n.role, f.function
ORDER BY g.grain, g.start, n.unit_id, n.user_id, n.role, f.function
ON CONFLICT (grain, start, unit_id, user_id, role, function) DO UPDATE SET
logins = kept.logins + excluded.logins,
searches = kept.searches + excluded.searches,
reveals = kept.reveals + excluded.reveals,
exports = kept.exports + excluded.exports,
contacts = kept.contacts + excluded.contacts
