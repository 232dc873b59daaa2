-- Rows of the income feed. Needs 44_earned. Where the product class is given, the fee is the customer's and no holding's.
SELECT e.source AS source_system, CASE e.kind WHEN 'interest_income' THEN 'I' WHEN 'interest_expense' THEN 'J' WHEN 'fee_income' THEN 'F' ELSE 'G' END
        || CASE WHEN e.product_class IS NULL THEN '' ELSE 'C' END || lpad(e.hid::VARCHAR, 11, '0') || strftime(day_of(e.day), '%Y%m%d') AS income_id,
    source_id(e.source, e.n, e.variant) AS customer_id,
    CASE WHEN e.product_class IS NULL THEN holding_number(e.source, e.hid) END AS holding_id, e.kind AS income_kind, e.product_class, f.unit_id,
    e.currency, yuan(sum(e.fen)) AS amount, day_of(e.day) AS booked_on, min(e.summary) AS summary
FROM earned AS e JOIN fronts AS f USING (front)
WHERE e.source = getvariable('source')
GROUP BY e.source, e.n, e.variant, e.hid, e.kind, e.product_class, f.unit_id, e.currency, e.day
ORDER BY e.hid, e.day, income_id
