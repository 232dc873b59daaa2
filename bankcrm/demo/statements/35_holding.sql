-- Rows of the holding feed as of `to_on`: opened or ended since `from_on`.
SELECT h.source AS source_system, holding_number(h.source, h.hid) AS holding_id, source_id(h.source, h.n, h.variant) AS customer_id,
    CASE WHEN h.product_class = 'debit_card' OR h.pattern = 'demand' AND h.kind = 'P' AND h.slot < 2
             THEN card_number(622848360000000000 + scattered(h.hid + 1, 48271, 99999999977) % 999999999989)
         WHEN h.product_class = 'credit_card' THEN card_number(622836000000000 + scattered(h.hid + 1, 48271, 999999937))
         WHEN h.source = 'CORE' AND h.kind = 'O' AND h.pattern <> 'none' THEN f.unit_id || '201' || lpad(scattered(h.hid + 1, 48271, 999999937)::VARCHAR, 9, '0')
         WHEN h.source = 'CORE' AND h.pattern <> 'none' THEN f.unit_id || '101' || lpad(scattered(h.hid + 1, 48271, 999999937)::VARCHAR, 9, '0')
         WHEN h.source = 'LOAN' THEN CASE h.product_class WHEN 'guarantee' THEN '保' WHEN 'acceptance' THEN '承' WHEN 'bill_discount' THEN '贴'
             WHEN 'letter_of_credit' THEN '证' WHEN 'trade_loan' THEN '融' ELSE '借' END || '字' || year(h.opened_on)::VARCHAR || '第' || lpad(h.hid::VARCHAR, 9, '0') || '号'
         WHEN h.source = 'WEALTH' THEN 'TA' || lpad(scattered(h.hid + 1, 48271, 9999999967)::VARCHAR, 10, '0')
         ELSE 'QY' || lpad(h.hid::VARCHAR, 10, '0') END AS account_number,
    h.product_id, f.unit_id, h.currency,
    CASE WHEN h.pattern <> 'demand' OR h.product_class <> 'demand_deposit' THEN NULL
         WHEN h.kind = 'P' THEN CASE WHEN h.slot = 1 THEN 'class_2' ELSE 'class_1' END
         ELSE CASE h.slot WHEN 0 THEN 'basic_account' WHEN 1 THEN 'general_account' WHEN 2 THEN 'special' ELSE 'general_account' END END AS account_nature,
    CASE WHEN h.ends_on <= getvariable('to_on') THEN 'closed' WHEN h.pattern = 'demand' AND draw('frozen', h.hid) < 0.0005 THEN 'frozen'
         WHEN h.pattern = 'demand' AND h.kind = 'P' AND h.level < 20000 AND h.opened_on < getvariable('start_on') AND draw('asleep', h.hid) < 0.4 THEN 'dormant'
         ELSE 'active' END AS status,
    h.opened_on, h.matures_on, CASE WHEN h.ends_on <= getvariable('to_on') THEN h.ends_on END AS closed_on,
    h.rate, CASE WHEN h.pattern IN ('term', 'instalments', 'bullet', 'card', 'contingent') THEN yuan(h.level) END AS contract_amount,
    -- the loan system knows the price of its bullet loans; all others are locked from the curve
    NULL AS priced_on, CASE WHEN h.pattern = 'bullet' THEN greatest(h.rate - 0.0175, 0.0100) END AS ftp_rate
FROM holdings AS h JOIN fronts AS f ON f.front = booked_front(h.hid, h.slot, h.front)
WHERE h.source = getvariable('source') AND (h.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
    OR h.ends_on BETWEEN getvariable('from_on') AND getvariable('to_on') AND h.opened_on <= getvariable('to_on'))
ORDER BY h.hid
