-- Adds counts of requests to days, weeks and months, each to its function and to all of them together (the function
-- without a name). Given: a list for each column, of one length.
-- Rows are written in the order of the key: two processes that flush the same users never lock each other out.
INSERT INTO system_usage AS kept (
    grain, start, user_id, unit_id, role, function, views, requests, milliseconds, worst, slow, errors
)
SELECT
    g.grain,
    g.start,
    n.user_id,
    n.unit_id,
    n.role,
    f.function,
    sum(n.views),
    sum(n.requests),
    sum(n.milliseconds),
    max(n.worst),
    sum(n.slow),
    sum(n.errors)
FROM
    unnest(
        %s::date [], %s::bigint [], %s::bigint [], %s::text [], %s::text [],
        %s::int [], %s::int [], %s::bigint [], %s::int [], %s::int [], %s::int []
    ) AS n (day, user_id, unit_id, role, function, views, requests, milliseconds, worst, slow, errors)
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
views = kept.views + excluded.views,
requests = kept.requests + excluded.requests,
milliseconds = kept.milliseconds + excluded.milliseconds,
worst = greatest(kept.worst, excluded.worst),
slow = kept.slow + excluded.slow,
errors = kept.errors + excluded.errors
