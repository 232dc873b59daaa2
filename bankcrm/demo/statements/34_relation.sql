-- Rows of the relation feed, all of CORE: "the other party is this customer's …".
CREATE OR REPLACE MACRO known_id(n) AS source_id('CORE', n, 0);
SELECT 'CORE' AS source_system, relation_id, customer_id, relation_type, related_customer_id, related_name, share, from_on, NULL::DATE AS to_on
FROM (
    SELECT 'RS' || a.p::VARCHAR AS relation_id, known_id(a.n) AS customer_id, 'spouse' AS relation_type,
        CASE WHEN b.in_core THEN known_id(b.n) END AS related_customer_id, b.name AS related_name, NULL::DECIMAL(12, 8) AS share,
        NULL::DATE AS from_on, greatest(a.opened_on, b.opened_on) AS seen_on
    FROM people AS a JOIN people AS b ON b.p = CASE WHEN a.role = 0 THEN a.p + 1 ELSE a.p - 1 END AND (a.role = 0 AND b.is_spouse OR a.is_spouse)
    WHERE a.in_core
    UNION ALL
    SELECT 'RC' || a.p::VARCHAR || b.p::VARCHAR, known_id(a.n), CASE WHEN a.is_child THEN 'parent' ELSE 'child' END,
        CASE WHEN b.in_core THEN known_id(b.n) END, b.name, NULL, NULL, greatest(a.opened_on, b.opened_on)
    FROM people AS a JOIN people AS b ON b.house = a.house AND (a.is_child AND (b.role = 0 OR b.is_spouse) OR b.is_child AND (a.role = 0 OR a.is_spouse))
    WHERE a.in_core
    UNION ALL
    SELECT 'RE' || e.p::VARCHAR, known_id(e.n), 'employer', known_id(e.o + getvariable('persons')), e.employer, NULL, e.opened_on, e.opened_on
    FROM employees AS e
    UNION ALL
    SELECT 'RH' || c.o::VARCHAR || '-' || row_number() OVER (PARTITION BY c.o ORDER BY s.share DESC, s.holder_o, s.holder_p)::VARCHAR, known_id(c.n), 'shareholder',
        coalesce(known_id(h.n), CASE WHEN s.holder_p IS NOT NULL THEN known_id(s.holder_p) END), coalesce(h.name, s.holder_name),
        CAST(round(s.share, 4) AS DECIMAL(12, 8)), c.established_on, greatest(c.opened_on, coalesce(h.opened_on, c.opened_on))
    FROM stakes AS s JOIN companies AS c USING (o) LEFT JOIN companies AS h ON h.o = s.holder_o
    UNION ALL
    SELECT 'RL' || c.o::VARCHAR, known_id(c.n), 'legal_representative', CASE WHEN NOT k.appointed THEN known_id(k.p) END,
        CASE WHEN k.appointed THEN x.name ELSE k.name END, NULL, c.established_on, c.opened_on
    FROM companies AS c JOIN chiefs AS k USING (o) JOIN parties AS x ON x.party = 1000 + c.o % 6000
    UNION ALL
    SELECT 'RF' || c.o::VARCHAR, known_id(c.n), 'finance_contact', NULL, x.name, NULL, c.opened_on, c.opened_on
    FROM companies AS c JOIN parties AS x ON x.party = 1000 + (c.o * 13 + 7) % 6000 WHERE NOT c.sole_trader
    UNION ALL
    SELECT 'RX' || c.o::VARCHAR, known_id(c.n), 'executive', known_id(k.second_p), k.second_name, NULL, NULL, c.opened_on
    FROM companies AS c JOIN chiefs AS k USING (o) WHERE c.rank > 0.8 AND NOT c.sole_trader AND NOT c.public_body
    UNION ALL
    SELECT 'RG' || h.hid::VARCHAR, known_id(h.n), 'guarantor', known_id(k.p), k.name, NULL, h.opened_on, h.opened_on
    FROM holdings AS h JOIN chiefs AS k ON k.o = h.own_no
    WHERE h.kind = 'O' AND h.product_class = 'working_capital_loan' AND h.slot = 9 AND NOT k.appointed
    UNION ALL
    SELECT 'RT' || c.o::VARCHAR, known_id(c.n), 'trading_partner', known_id(b.n), b.name, NULL, NULL, greatest(c.opened_on, b.opened_on)
    FROM companies AS c JOIN companies AS b ON b.o = draw_int('payer', (c.n * 32) * 8 + 3, getvariable('organisations'))
    WHERE b.o <> c.o AND draw('partner known', c.o) < 0.15
)
WHERE seen_on BETWEEN getvariable('from_on') AND getvariable('to_on')
ORDER BY relation_id
