-- Rows of the collateral feed: the house of a mortgage; what organisations give for their facility.
SELECT 'LOAN' AS source_system, collateral_id, customer_id, holding_id, facility_id, collateral_kind, description,
    yuan(worth) AS appraised_value, since AS appraised_on, 'CNY' AS currency, 1 AS seniority, advance_rate::DECIMAL(12, 8) AS advance_rate,
    since AS registered_on, until AS registered_until, CASE WHEN is_over THEN 'released' ELSE 'registered' END AS status
FROM (
    SELECT 'Y' || lpad(d.hid::VARCHAR, 11, '0') AS collateral_id, source_id('LOAN', d.n, 0) AS customer_id,
        holding_number('LOAN', d.hid) AS holding_id, NULL AS facility_id, 'real_estate' AS collateral_kind,
        street_address(p.home, p.city, p.district) || flat_address(p.home) AS description,
        1000000 * CAST(ceil(d.level / (0.45 + 0.25 * draw('lent against', d.hid)) / 1000000) AS BIGINT) AS worth, 0.7 AS advance_rate,
        d.opened_on AS since, d.matures_on + 60 AS until, d.after = 0 AS is_over, d.changed_day
    FROM debts AS d JOIN people AS p ON p.n = d.n WHERE d.product_class = 'mortgage_loan'
    UNION ALL
    SELECT 'Z' || lpad(l.n::VARCHAR, 11, '0'), source_id('LOAN', l.n, 0), NULL, line_number(l.n), kind,
        CASE kind WHEN 'real_estate' THEN '自有厂房及办公楼' WHEN 'land' THEN '工业用地使用权' WHEN 'machinery' THEN '生产设备一批'
            WHEN 'receivable' THEN '应收货款' WHEN 'equity' THEN '所持子公司股权' ELSE '库存商品' END,
        10000000 * CAST(ceil(l.granted / rate * (0.8 + 0.6 * draw('worth', l.n)) / 10000000) AS BIGINT), rate,
        l.from_on, l.to_on + 60, l.drawn = 0, l.changed_day
    FROM (SELECT *, CASE WHEN kind IN ('real_estate', 'land') THEN 0.7 WHEN kind = 'machinery' THEN 0.4 ELSE 0.5 END AS rate
        FROM (SELECT *, CASE secured WHEN 'mortgaged' THEN draw_item('given', n, ['real_estate', 'real_estate', 'land', 'machinery'])
            ELSE draw_item('given', n, ['receivable', 'equity', 'inventory']) END AS kind
        FROM lines WHERE secured IN ('mortgaged', 'pledged'))) AS l
)
WHERE changed_day BETWEEN getvariable('from_day') AND getvariable('to_day') AND (NOT is_over OR getvariable('from_day') > 0)
ORDER BY collateral_id
