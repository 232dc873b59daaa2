-- fact: visibility
-- grain: one row for each customer, unit and reason
-- key: customer_id, unit_code, reason
-- inputs: golden, ref_holding, ref_unit, ref_setting
-- A unit that books what it owns says nothing new: without those rows, whom a branch sees besides its own is quickly told.
SELECT g.id AS customer_id, coalesce(g.unit_id, s.root_unit) AS unit_code, 'owning' AS reason
FROM golden g CROSS JOIN ref_setting s
UNION
SELECT s.unidentified_id, s.root_unit, 'owning' FROM ref_setting s
UNION
SELECT h.customer_id, coalesce(u.unit_id, s.root_unit), 'booking'
FROM ref_holding h
CROSS JOIN ref_setting s
LEFT JOIN ref_unit u ON u.unit_id = h.unit_id
LEFT JOIN golden g ON g.id = h.customer_id
WHERE h.status <> 'closed' AND coalesce(u.unit_id, s.root_unit) <> coalesce(g.unit_id, s.root_unit)
