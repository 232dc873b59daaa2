-- Figures by start of the period, place, role, user or function: the busiest first, and how many there are in all.
-- Given: the units that the reader sees, each with the unit under which its line counts it.
SELECT
    /* key */,
    sum(u.views)::bigint AS views,
    sum(u.requests)::bigint,
    sum(u.milliseconds)::bigint,
    max(u.worst),
    sum(u.slow)::bigint,
    sum(u.errors)::bigint,
    sum(u.logins)::bigint AS logins,
    sum(u.searches)::bigint,
    sum(u.reveals)::bigint,
    sum(u.exports)::bigint,
    sum(u.contacts)::bigint,
    count(DISTINCT u.user_id) FILTER (WHERE u.views > 0 OR u.logins > 0),
    count(*) OVER ()
FROM system_usage AS u
INNER JOIN unnest(%(units)s::bigint [], %(places)s::bigint []) AS w (unit_id, place) ON u.unit_id = w.unit_id
WHERE
    u.grain = %(grain)s AND u.start = ANY(%(starts)s)
    AND (%(role)s = '' OR u.role = %(role)s)
    AND /* functions */
    AND (%(user)s::bigint IS NULL OR u.user_id = %(user)s)
GROUP BY 1
ORDER BY views DESC, logins DESC, 1
LIMIT %(most)s
