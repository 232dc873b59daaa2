-- The other side of transactions: merchants, people and companies elsewhere, the bank's own organisations.
CREATE OR REPLACE TABLE parties AS
SELECT (place - 1)::BIGINT AS party, name, '9' || lpad(scattered(place, 715827883, 99999999977)::VARCHAR, 14, '0') AS account,
    draw_item('merchant bank', place, getvariable('other_banks')) AS bank
FROM (SELECT unnest(getvariable('merchant_names')) AS name, generate_subscripts(getvariable('merchant_names'), 1) AS place)
UNION ALL SELECT 900, '国家金库', '2000000000000', '中国人民银行'
UNION ALL SELECT 901, '社会保险事业管理中心', '3605000100201', '江州银行'
UNION ALL
SELECT 1000 + i, draw_item('payer surname', i, getvariable('surname_slots')) || draw_item('payer first', i, getvariable('male_middle'))
        || CASE WHEN draw('payer short', i) < 0.2 THEN '' ELSE draw_item('payer second', i, getvariable('female_middle')) END,
    card_number(622200000000000000 + scattered(i + 1, 715827883, 99999999977)), draw_item('payer bank', i, getvariable('other_banks'))
FROM range(6000) AS r (i)
UNION ALL
SELECT 10000 + i, draw_item('payer place', i, getvariable('trade_places')) || draw_item('payer brand', i, getvariable('brands'))
        || draw_item('payer mark', i, getvariable('brands')) || draw_item('payer trade', i, getvariable('industry_slots')).phrase || '有限公司',
    '1' || lpad(scattered(i + 1, 915827881, 99999999977)::VARCHAR, 14, '0'), draw_item('company bank', i, getvariable('other_banks'))
FROM range(6000) AS r (i)
UNION ALL
SELECT 1000000 + c.o, c.name, f.unit_id || '201' || lpad(scattered(c.n * 32 + 1, 48271, 999999937)::VARCHAR, 9, '0'), '江州银行'
FROM companies AS c JOIN fronts AS f USING (front);
