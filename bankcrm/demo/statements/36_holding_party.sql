-- Rows of the holding party feed: co-borrowers, joint holders, authorised signatories.
SELECT source AS source_system, holding_number(source, hid) AS holding_id, customer_id, party_role, share
FROM (
    SELECT 'LOAN' AS source, hid, source_id('LOAN', spouse, 0) AS customer_id, 'co_borrower' AS party_role, NULL::DECIMAL(12, 8) AS share, opened_on FROM co_borrowers
    UNION ALL
    SELECT 'CORE', h.hid, source_id('CORE', s.n, 0), 'joint', 0.5::DECIMAL(12, 8), greatest(h.opened_on, s.opened_on)
    FROM holdings AS h JOIN people AS p ON p.n = h.n JOIN people AS s ON s.p = p.p + 1 AND s.is_spouse AND s.in_core
    WHERE h.kind = 'P' AND h.source = 'CORE' AND h.product_class = 'time_deposit' AND p.role = 0 AND draw('joint', h.hid) < 0.03
    UNION ALL
    SELECT 'CORE', h.hid, source_id('CORE', k.second_p, 0), 'authorised_signatory', NULL, h.opened_on
    FROM holdings AS h JOIN chiefs AS k ON k.o = h.own_no WHERE h.kind = 'O' AND h.slot = 0 AND draw('signatory', h.hid) < 0.5
)
WHERE source = getvariable('source') AND opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
ORDER BY hid, party_role
