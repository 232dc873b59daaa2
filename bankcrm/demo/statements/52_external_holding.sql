-- Rows of the external_holding feed as learned since `from_on`: what credit reports, customers themselves and their
-- transfers say of other banks. Each customer may have up to three; only a part of it is ever learned.
WITH known AS (
    SELECT s.n, s.kind AS who, s.customer_id, w.wealth, s.n * 4 + c.i AS id,
        getvariable('start_on') + draw_int('learned on', s.n * 4 + c.i, getvariable('horizon_on') - getvariable('start_on')) AS as_of_on
    FROM sources AS s JOIN owners AS w ON w.n = s.n CROSS JOIN (SELECT unnest(range(3)) AS i) AS c
    WHERE s.source = getvariable('source') AND s.variant = 0 AND w.opened_on < getvariable('start_on')
        AND draw('elsewhere known', s.n * 4 + c.i) < CASE WHEN s.kind = 'O' THEN 0.35 ELSE 0.12 END
), sorted AS (
    SELECT *, draw_item('elsewhere bank', id, getvariable('other_banks')) AS bank_name,
        draw_item('elsewhere kind', id, CASE who WHEN 'O' THEN ['deposit', 'deposit', 'loan', 'loan', 'investment'] ELSE ['deposit', 'deposit', 'investment', 'loan', 'card'] END) AS external_kind,
        draw('elsewhere inferred', id) < 0.5 AS inferred
    FROM known
)
SELECT getvariable('source') AS source_system, 'TH' || lpad(id::VARCHAR, 10, '0') AS external_id, customer_id, bank_name, NULL AS bank_code, external_kind, 'CNY' AS currency,
    CASE WHEN draw('elsewhere size known', id) < 0.9 THEN yuan(100000 * CAST(greatest(10, round(wealth * (0.1 + 0.9 * draw('elsewhere size', id)) / 100000)) AS BIGINT)) END AS balance,
    as_of_on, CASE WHEN inferred THEN 'inferred' ELSE 'known' END AS basis,
    CASE WHEN inferred THEN '他行转账推断' WHEN external_kind IN ('loan', 'card') THEN '征信报告' ELSE '客户自述' END AS learned_from
FROM sorted
WHERE as_of_on BETWEEN getvariable('from_on') AND getvariable('to_on')
ORDER BY id
