-- Rows of the payroll feed: what employers paid since `from_on`, payment by payment, as the ledger books it.
SELECT getvariable('source') AS source_system, 'DF' || lpad(w.hid::VARCHAR, 10, '0') || lpad(w.m::VARCHAR, 3, '0') AS payroll_id,
    source_id('CORE', e.n, 0) AS customer_id, holding_number('CORE', w.hid) AS paid_holding_id,
    source_id('CORE', w.o + getvariable('persons'), 0) AS related_customer_id, NULL AS payer_holding_id, e.employer AS payer_name,
    day_of(w.day) AS paid_on, yuan(w.amount) AS amount, 'CNY' AS currency, 1 AS payment_count
FROM wages AS w JOIN employees AS e USING (hid)
WHERE getvariable('source') = 'CORE' AND day_of(w.day) BETWEEN getvariable('from_on') AND getvariable('to_on')
ORDER BY w.hid, w.m
