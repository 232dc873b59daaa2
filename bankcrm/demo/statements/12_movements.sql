-- Movements by month: everyday money on demand accounts, cards and settlement accounts; instalments; valuations.
INSERT INTO events
WITH monthly AS (
    SELECT h.*, m.m, m.month_no, k.k, h.hid * 256 + m.m * 8 + k.k AS id,
        m.first_day + draw_int('day', h.hid * 256 + m.m * 8 + k.k, m.days) AS day
    FROM held AS h CROSS JOIN months AS m JOIN (SELECT unnest(range(5))::INTEGER AS k) AS k ON k.k < ceil(h.pace)
    WHERE h.pace > 0 AND (draw('moves', h.hid * 256 + m.m * 8 + k.k) < h.pace - k.k
        OR k.k = 0 AND m.first_day + m.days > h.leave_day)
)
SELECT hid, day, 28800 + draw_int('time', id, 46000), CASE pattern WHEN 'card' THEN 16 WHEN 'custody' THEN 17 ELSE CASE kind WHEN 'O' THEN 14 ELSE 3 END END,
    NULL,
    CASE pattern WHEN 'card' THEN CAST(level * 0.85 * pow(draw('used', id), 2) AS BIGINT)
        WHEN 'custody' THEN 100000 * CAST(1 + level / 100000 * (0.3 + 1.2 * draw('used', id)) * fading(day, leave_day) AS BIGINT)
        ELSE rounded(hid, level * exp(growth * (day - day_number(getvariable('business_on'))) / 365.0
            + CASE WHEN kind = 'O' THEN 0.22 ELSE 0.38 END * draw_normal('noise', id)) * season(kind, month_no) * fading(day, leave_day),
            draw('in fen', id) < 0.3) END,
    NULL
FROM monthly
WHERE day > first_day AND (end_day IS NULL OR day < end_day);

-- A home or consumer loan is repaid each month on its day; the loan account shows the principal.
INSERT INTO events
SELECT h.hid, m.first_day + h.pay_day, 70000, 11, NULL,
    outstanding(h.level, h.annual, h.instalments, greatest(0, (m.first_day + h.pay_day - h.open_day) // 30)), NULL
FROM held AS h CROSS JOIN months AS m
WHERE h.pattern = 'instalments' AND m.first_day + h.pay_day > h.first_day AND (h.end_day IS NULL OR m.first_day + h.pay_day < h.end_day);

-- Funds and gold are valued each quarter.
INSERT INTO events
SELECT h.hid, m.first_day + m.days - 1, 75600, 18, NULL,
    CAST(h.level * (1 + 0.05 * draw_normal('value', h.hid * 256 + m.m)) AS BIGINT), NULL
FROM held AS h CROSS JOIN months AS m
WHERE h.pattern = 'valued' AND m.month_no % 3 = 0 AND m.first_day + m.days - 1 > h.first_day
    AND (h.end_day IS NULL OR m.first_day + m.days - 1 < h.end_day);
