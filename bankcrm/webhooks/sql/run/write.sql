-- The ground's events for one subscriber, of customers that it may see, as deliveries of so many events each.
INSERT INTO webhooks_delivery
(uid, subscription_id, is_test, build_id, part, made_at, events, event_count, state, attempts, next_at, problem)
SELECT
    gen_random_uuid(),
    %s,
    FALSE,
    %s::bigint,
    n.part,
    %s,
    jsonb_agg(
        jsonb_build_object(
            'kind', n.kind, 'customer', n.number,
            'at', to_char(n.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'fields', to_jsonb(n.fields)
        ) ORDER BY n.place
    ),
    count(*),
    'waiting',
    0,
    %s,
    ''
FROM (
    SELECT
        p.*,
        (p.place - 1) / %s AS part
    FROM (
        SELECT
            g.kind,
            g.at,
            g.fields,
            v.number,
            row_number() OVER (ORDER BY g.at, v.number, g.kind) AS place
        FROM webhook_ground AS g
        INNER JOIN (/* visible */) AS v ON g.customer_id = v.id
        WHERE g.kind = ANY(%s)
    ) AS p
) AS n
GROUP BY n.part
ORDER BY n.part
