-- Who owns whom. Persons who own companies are grown up and known to CORE.
CREATE OR REPLACE TABLE principals AS
SELECT row_number() OVER (ORDER BY draw('principal', p)) - 1 AS place, p, name
FROM people WHERE in_core AND age BETWEEN 28 AND 66 AND rank > 0.5 AND opened_on <= getvariable('start_on');

-- The chief of each organisation: first holder or legal representative; one for a whole group's top.
CREATE OR REPLACE TABLE chiefs AS
WITH numbered AS (
    SELECT o, public_body OR organisation_type = 'state_owned' AS appointed, (o * 7 + 3) % many AS first_place,
        (o * 7 + 4) % many AS second_place, (o * 7 + 5) % many AS third_place
    FROM companies CROSS JOIN (SELECT count(*) AS many FROM principals)
)
SELECT c.o, c.appointed, p.p, p.name, s.p AS second_p, s.name AS second_name, t.p AS third_p, t.name AS third_name
FROM numbered AS c
JOIN principals AS p ON p.place = c.first_place
JOIN principals AS s ON s.place = c.second_place
JOIN principals AS t ON t.place = c.third_place;

-- A group's members hang on one another as a tree of three branches; besides, some blocks have a joint venture of two
-- groups' heads (place 4), control that adds up over two ways (place 5), or a ring (place 1 holds 6 holds 1).
CREATE OR REPLACE TABLE members AS
SELECT o, block, place, block * 12 AS head, block * 12 + (place - 1) // 3 AS parent,
    count(*) OVER (PARTITION BY block) AS group_size,
    round(0.51 + 0.49 * draw('stake', o), 2) AS stake
FROM companies WHERE in_group;
CREATE OR REPLACE TABLE group_stakes AS
SELECT m.o, h.holder, h.share
FROM members AS m CROSS JOIN LATERAL (SELECT unnest(CASE
    WHEN m.place = 0 THEN []
    WHEN m.place = 4 AND m.block % 2 = 0 AND m.block + 1 < getvariable('groups')
        THEN [{holder: m.head, share: 0.5}, {holder: m.head + 12, share: 0.5}]
    WHEN m.place = 5 AND m.block % 3 = 1 THEN [{holder: m.head, share: 0.3}, {holder: m.head + 1, share: 0.25}]
    WHEN m.place = 1 AND m.block % 10 = 2 AND m.group_size > 6 THEN [{holder: m.head, share: 0.6}, {holder: m.head + 6, share: 0.15}]
    ELSE [{holder: m.parent, share: m.stake}] END, recursive := true)) AS h (holder, share);

CREATE OR REPLACE TABLE stakes AS
WITH owned AS (SELECT o, sum(share) AS share FROM group_stakes GROUP BY o),
personal AS (
    SELECT c.o, k.*, 1.0 - coalesce(g.share, 0) AS free, draw('holders', c.o) AS holders, round(0.51 + 0.44 * draw('first stake', c.o), 2) AS first_stake
    FROM companies AS c JOIN chiefs AS k USING (o) LEFT JOIN owned AS g USING (o)
    WHERE NOT c.public_body AND c.organisation_type <> 'state_owned' AND 1.0 - coalesce(g.share, 0) > 0.005
)
SELECT o, holder AS holder_o, NULL::BIGINT AS holder_p, NULL::VARCHAR AS holder_name, share::DOUBLE AS share FROM group_stakes
UNION ALL
SELECT o, NULL, p, name, free * CASE WHEN holders < 0.3 THEN 1.0 ELSE first_stake END FROM personal
UNION ALL
SELECT o, NULL, second_p, second_name, free * (1.0 - first_stake) * CASE WHEN holders < 0.75 THEN 1.0 ELSE 0.6 END FROM personal WHERE holders >= 0.3
UNION ALL
SELECT o, NULL, third_p, third_name, free * (1.0 - first_stake) * 0.4 FROM personal WHERE holders >= 0.75
UNION ALL
SELECT o, NULL, NULL, city || '国有资产监督管理委员会', 1.0 - coalesce(g.share, 0) FROM companies LEFT JOIN owned AS g USING (o)
WHERE organisation_type = 'state_owned';
