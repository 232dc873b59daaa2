-- Rows of the bill feed as of `to_on`: one to three bills behind each acceptance and discount opened or ended since `from_on`.
CREATE OR REPLACE MACRO draws_on(hid, n, currency, margin) AS (CASE WHEN currency = 'CNY' AND coalesce(margin, 0) < 1
    AND n IN (SELECT l.n FROM lines AS l WHERE l.drawn > 0) THEN line_number(n) END);
WITH own AS (
    SELECT h.*, c.name, CASE WHEN draw('bills', h.hid) < 0.55 THEN 1 WHEN draw('bills', h.hid) < 0.85 THEN 2 ELSE 3 END AS pieces,
        CASE WHEN h.product_class = 'acceptance' THEN margin_of(h.hid) END AS margin
    FROM holdings AS h JOIN companies AS c ON c.n = h.n
    WHERE h.product_class IN ('acceptance', 'bill_discount') AND h.opened_on <= getvariable('to_on')
        AND (h.opened_on >= getvariable('from_on') OR h.ends_on BETWEEN getvariable('from_on') AND getvariable('to_on'))
), cut AS (
    SELECT o.*, k.k, o.hid * 4 + k.k AS id, 100000 * (o.level // 100000 // o.pieces) AS part
    FROM own AS o JOIN (SELECT unnest(range(3))::INTEGER AS k) AS k ON k.k < o.pieces
)
SELECT 'LOAN' AS source_system, 'BP' || lpad(c.id::VARCHAR, 12, '0') AS bill_id, holding_number('LOAN', c.hid) AS holding_id,
    CASE c.product_id WHEN 'E112' THEN '6' ELSE '5' END || '313428076517' || strftime(c.issued, '%Y%m%d')
        || lpad(scattered(c.id + 1, 48271, 99999989)::VARCHAR, 8, '0') || (c.id % 10)::VARCHAR AS bill_number,
    NULL AS bill_range, CASE c.product_id WHEN 'E112' THEN 'commercial_bill' ELSE 'bank_bill' END AS bill_kind,
    CASE c.product_class WHEN 'acceptance' THEN c.name ELSE p.name END AS drawer_name,
    CASE c.product_id WHEN 'E101' THEN '江州银行' WHEN 'E111' THEN p.bank ELSE p.name END AS acceptor_name,
    CASE c.product_class WHEN 'acceptance' THEN p.name ELSE c.name END AS payee_name, c.currency,
    yuan(CASE WHEN c.k = c.pieces - 1 THEN c.level - c.k * c.part ELSE c.part END) AS amount, c.issued AS issued_on, c.matures_on AS due_on,
    c.margin AS margin_ratio, draws_on(c.hid, c.n, c.currency, c.margin) AS facility_id,
    CASE WHEN c.ends_on <= getvariable('to_on') THEN 'paid' ELSE 'outstanding' END AS status
FROM (SELECT *, CASE product_class WHEN 'acceptance' THEN opened_on ELSE greatest(opened_on - draw_int('held before', hid, 30), matures_on - 180) END AS issued FROM cut) AS c
JOIN parties AS p ON p.party = 10000 + draw_int('bill party', c.id, 6000)
ORDER BY c.id
