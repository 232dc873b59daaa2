-- Rows of the standing order feed, as they stand at the end of `to_on`: rent and management fees of persons, rent of organisations.
WITH own AS (
    SELECT h.*, draw_int('order day', h.hid, 27) AS order_day FROM holdings AS h
    WHERE h.slot = 0 AND h.source = 'CORE' AND h.pattern = 'demand' AND h.currency = 'CNY' AND h.opened_on <= getvariable('to_on')
        AND (h.ends_on IS NULL OR h.ends_on > getvariable('to_on')) AND draw('standing order', h.hid) < 0.06
), due AS (
    SELECT *, date_trunc('month', getvariable('to_on'))::DATE + order_day + 1 AS this_month FROM own
)
SELECT 'CORE' AS source_system, 'SO' || lpad(d.hid::VARCHAR, 11, '0') AS standing_order_id, holding_number('CORE', d.hid) AS holding_id,
    p.name AS payee_name, p.account AS payee_account, p.bank AS payee_bank,
    CASE WHEN draw('varies', d.hid) < 0.15 THEN NULL ELSE yuan(CASE d.kind WHEN 'O' THEN 1000000 ELSE 50000 END * (1 + draw_int('order amount', d.hid, 9))) END AS amount,
    'CNY' AS currency, CASE WHEN draw('each quarter', d.hid) < 0.2 THEN 'quarterly' ELSE 'monthly' END AS frequency,
    CASE WHEN d.this_month > getvariable('to_on') THEN d.this_month ELSE (d.this_month + INTERVAL 1 MONTH)::DATE END AS next_on,
    CASE WHEN draw('order ends', d.hid) < 0.5 THEN getvariable('business_on') + 200 + draw_int('order ends on', d.hid, 900) END AS until_on,
    draw_item('order purpose', d.hid, ['房租', '物业费', '赡养费', '基金定投', '停车费']) AS purpose
FROM due AS d JOIN parties AS p ON p.party = 1000 + draw_int('payee', d.hid, 6000)
WHERE getvariable('source') = 'CORE'
ORDER BY d.hid
