-- What one part of the bank's customers earn it and are paid from `from_day` to `to_day`, in fen. Interest on demand deposits and
-- principal repaid are those of the ledger; an instalment is principal and interest. hid is empty where only the customer is known.
CREATE OR REPLACE TEMP TABLE earned AS
WITH own AS (
    SELECT h.*, day_number(h.opened_on) AS open_day, day_number(h.ends_on) AS end_day, h.rate::DOUBLE AS annual,
        round(coalesce(h.term, 360) / 365.0 * 12)::INTEGER AS instalments
    FROM holdings AS h WHERE h.n >= getvariable('chunk_from') AND h.n < getvariable('chunk_to')
), booked AS (
    -- interest on demand deposits, and on term deposits when they end
    SELECT o.hid, l.day, 'interest_expense' AS kind, l.change AS fen, '结息' AS summary
    FROM ledger AS l JOIN own AS o USING (hid) WHERE l.kind = 13
    UNION ALL
    SELECT hid, end_day, 'interest_expense', CAST(level * annual * (end_day - open_day) / 365 AS BIGINT), '到期利息'
    FROM own WHERE pattern = 'term' AND source = 'CORE' AND end_day > open_day
    -- interest on loans: of an instalment what is not principal; else a quarter's
    UNION ALL
    SELECT o.hid, l.day, 'interest_income', greatest(0, instalment(o.level, o.annual, o.instalments) + l.change), '贷款利息'
    FROM ledger AS l JOIN own AS o USING (hid) WHERE o.pattern = 'instalments' AND l.kind = 11 AND l.change < 0
    UNION ALL
    SELECT o.hid, m.first_day + 20, 'interest_income', CAST(o.level * o.annual / 4 AS BIGINT), '贷款利息'
    FROM own AS o CROSS JOIN months AS m
    WHERE o.pattern = 'bullet' AND m.month_no % 3 = 0 AND m.first_day > o.open_day AND (o.end_day IS NULL OR m.first_day + 20 < o.end_day)
    -- fees: of cards once a year, of what is sold for others when it is sold, of guarantees each quarter
    UNION ALL
    SELECT o.hid, m.first_day + 9, 'fee_income', CASE o.product_id WHEN 'C102' THEN 48000 ELSE 20000 END, '信用卡年费'
    FROM own AS o CROSS JOIN months AS m
    WHERE o.pattern = 'card' AND m.month_no = month(o.opened_on) AND m.first_day > o.open_day AND (o.end_day IS NULL OR m.first_day + 9 < o.end_day)
    UNION ALL
    SELECT hid, open_day, 'fee_income', CAST(level * CASE WHEN product_class = 'insurance' THEN 0.03 ELSE 0.003 END AS BIGINT), '代销手续费'
    FROM own WHERE source = 'WEALTH' AND product_class IN ('wealth', 'fund', 'insurance', 'trust')
    UNION ALL
    SELECT o.hid, m.first_day + 14, 'fee_income', CAST(o.level * o.annual / 4 AS BIGINT), '保函及信用证手续费'
    FROM own AS o CROSS JOIN months AS m
    WHERE o.product_class IN ('guarantee', 'letter_of_credit') AND m.month_no % 3 = 1 AND m.first_day > o.open_day AND (o.end_day IS NULL OR m.first_day + 14 < o.end_day)
    UNION ALL
    SELECT hid, open_day, 'fee_income', CAST(level * 0.0005 AS BIGINT), '承兑手续费' FROM own WHERE product_class = 'acceptance'
    -- what card schemes and points cost, day by day
    UNION ALL
    SELECT o.hid, l.day, 'fee_expense', CAST(sum(l.change) * 0.0015 AS BIGINT), '卡组织及积分费用'
    FROM ledger AS l JOIN own AS o USING (hid) WHERE o.pattern = 'card' AND l.kind = 16 AND l.change > 0 GROUP BY o.hid, l.day
), placed AS (
    SELECT b.*, o.source, o.n, o.variant, o.currency, NULL AS product_class, booked_front(o.hid, o.slot, o.front) AS front
    FROM booked AS b JOIN own AS o USING (hid)
    UNION ALL
    -- organisations pay for their account as such
    SELECT o.hid, m.first_day + 24, 'fee_income', 12000, '对公账户管理费', o.source, o.n, o.variant, 'CNY', 'payment_service', o.front
    FROM own AS o CROSS JOIN months AS m
    WHERE o.kind = 'O' AND o.slot = 0 AND o.source = 'CORE' AND m.month_no % 3 = 0 AND m.first_day > o.open_day
)
SELECT * FROM placed WHERE fen > 0 AND day BETWEEN getvariable('from_day') AND getvariable('to_day')
    AND day >= day_number(getvariable('start_on'));
