-- Movements of the main account that other business causes. Each is a fixed amount; what a purchase needs comes in before it.
CREATE OR REPLACE TABLE mains AS SELECT hid, n, kind, first_day, open_day, level, annual, rank, pension FROM held WHERE slot = 0;

INSERT INTO events
SELECT w.hid, w.day, 36000 + draw_int('wage time', w.hid + w.m * 100000000, 3600), 4, w.amount, NULL, 1000000 + w.o
FROM wages AS w JOIN mains AS a USING (hid) WHERE w.day > a.first_day;

INSERT INTO events
SELECT a.hid, w.day - k.before, CASE WHEN k.before = 0 THEN 34200 ELSE 50000 + draw_int('funding', a.hid + w.m, 9000) END,
    CASE WHEN k.before = 0 THEN 15 ELSE 14 END, CASE WHEN k.before = 0 THEN -w.amount ELSE w.amount END, NULL, NULL
FROM payrolls AS w JOIN mains AS a ON a.n = w.o + getvariable('persons')
CROSS JOIN (VALUES (0), (2)) AS k (before)
WHERE w.day - 2 > a.first_day;

INSERT INTO events
SELECT a.hid, m.first_day + 7, 30600, 22, 100 * (1800 + draw_int('pension', a.hid, 4200)), NULL, NULL
FROM mains AS a CROSS JOIN months AS m WHERE a.pension AND m.first_day + 7 > a.first_day;

-- Half of the term business is bought from the main account and comes back to it, with interest for deposits.
CREATE OR REPLACE TABLE bought AS
SELECT h.hid, h.n * 32 AS main, h.level, h.open_day, h.end_day, h.source, h.kind, a.first_day,
    CASE WHEN h.source = 'CORE' THEN CAST(h.level * h.annual * (h.end_day - h.open_day) / 365 AS BIGINT) ELSE CAST(h.level * coalesce(h.annual, 0) * 0.9
        * (h.end_day - h.open_day) / 365 AS BIGINT) END AS yield
FROM held AS h JOIN mains AS a ON a.n = h.n
WHERE h.pattern = 'term' AND h.currency = 'CNY' AND draw('bought', h.hid) < 0.5;
INSERT INTO events
SELECT main, open_day - k.before, CASE WHEN k.before = 0 THEN 31800 ELSE 45000 + draw_int('brought', hid, 20000) END,
    CASE WHEN k.before = 0 THEN CASE WHEN source = 'CORE' THEN 5 ELSE 7 END WHEN kind = 'O' THEN 14 ELSE 3 END,
    CASE WHEN k.before = 0 THEN -level ELSE level END, NULL, NULL
FROM bought CROSS JOIN (VALUES (0), (1)) AS k (before) WHERE open_day - 1 > first_day;
INSERT INTO events
SELECT main, end_day + k.after * (1 + draw_int('taken', hid, 9)), CASE WHEN k.after = 0 THEN 66600 ELSE 40000 END,
    CASE WHEN k.after = 0 THEN CASE WHEN source = 'CORE' THEN 6 ELSE 8 END WHEN kind = 'O' THEN 14 ELSE 3 END,
    CASE WHEN k.after = 0 THEN level + yield ELSE -level END, NULL, NULL
FROM bought CROSS JOIN (VALUES (0), (1)) AS k (after) WHERE end_day > first_day;

-- Instalments leave the main account, principal and interest together; each quarter's are brought in on its second day.
INSERT INTO events
SELECT a.hid, m.first_day + h.pay_day, 69900, 12, -instalment(h.level, h.annual, h.instalments), NULL, NULL
FROM held AS h JOIN mains AS a ON a.n = h.n CROSS JOIN months AS m
WHERE h.pattern = 'instalments' AND m.first_day + h.pay_day > h.first_day AND m.first_day > a.first_day
    AND (h.end_day IS NULL OR m.first_day + h.pay_day <= h.end_day);
INSERT INTO events
SELECT a.hid, m.first_day + 1, 33000 + draw_int('brought', h.hid, 30000), 3, 3 * instalment(h.level, h.annual, h.instalments), NULL, NULL
FROM held AS h JOIN mains AS a ON a.n = h.n CROSS JOIN months AS m
WHERE h.pattern = 'instalments' AND m.month_no % 3 = 1 AND m.first_day > h.first_day AND m.first_day > a.first_day
    AND (h.end_day IS NULL OR m.first_day < h.end_day);

-- Money lent arrives on the main account and is paid out within days; interest on loans without instalments leaves it each quarter.
INSERT INTO events
SELECT a.hid, h.open_day + k.after * (1 + draw_int('spent', h.hid, 4)), CASE WHEN k.after = 0 THEN 61200 ELSE 41000 END,
    CASE WHEN k.after = 0 THEN 19 WHEN h.kind = 'O' THEN 14 ELSE 3 END, CASE WHEN k.after = 0 THEN h.level ELSE -h.level END, NULL, NULL
FROM held AS h JOIN mains AS a ON a.n = h.n CROSS JOIN (VALUES (0), (1)) AS k (after)
WHERE h.pattern IN ('bullet', 'instalments') AND h.currency = 'CNY' AND h.open_day = h.first_day AND h.open_day > a.first_day;
INSERT INTO events
SELECT a.hid, m.first_day + 20, 71400, 23, -CAST(h.level * h.annual / 4 AS BIGINT), NULL, NULL
FROM held AS h JOIN mains AS a ON a.n = h.n CROSS JOIN months AS m
WHERE h.pattern = 'bullet' AND h.currency = 'CNY' AND m.month_no % 3 = 0 AND m.first_day > h.first_day AND m.first_day > a.first_day
    AND (h.end_day IS NULL OR m.first_day + 20 < h.end_day);

-- Interest on the 21st of the last month of a quarter, about a quarter's rate on what is usually there, from one yuan on.
INSERT INTO events
SELECT h.hid, m.first_day + 20, 3600, 13, CAST(h.level * fading(m.first_day, h.leave_day) * h.annual / 4 * (0.85 + 0.3 * draw('interest', h.hid * 256 + m.m)) AS BIGINT), NULL, NULL
FROM held AS h CROSS JOIN months AS m
WHERE h.pattern = 'demand' AND m.month_no % 3 = 0 AND m.first_day > h.first_day + 60 AND (h.end_day IS NULL OR m.first_day + 20 < h.end_day)
    AND h.level * fading(m.first_day, h.leave_day) * h.annual / 4 >= 125;

-- Taxes of organisations in the first month of a quarter.
INSERT INTO events
SELECT a.hid, m.first_day + 13, 43200 + draw_int('tax', a.hid, 9000), 20, -CAST(a.level * (0.005 + 0.02 * draw('tax', a.hid * 256 + m.m)) AS BIGINT), NULL, NULL
FROM mains AS a CROSS JOIN months AS m
WHERE a.kind = 'O' AND a.rank > 0.4 AND m.month_no % 3 = 1 AND m.first_day > a.first_day;

-- A few postings are taken back the same day in red letters, and a few organisations are overdrawn at the end.
INSERT INTO events
SELECT h.hid, day_number(getvariable('start_on')) + 20 + draw_int('red day', h.hid, 380), 50000 + 600 * k.step, 21 + 3 * k.step,
    CASE WHEN k.step = 0 THEN -1 ELSE 1 END * 100 * (50 + draw_int('red amount', h.hid, 900)), NULL, NULL
FROM held AS h CROSS JOIN (VALUES (0), (1)) AS k (step)
WHERE h.slot = 0 AND draw('red', h.hid) < 0.002 AND h.open_day < day_number(getvariable('start_on'));
INSERT INTO events
SELECT hid, day_number(getvariable('business_on')) - 2, 58000, 14, NULL, -CAST(level * (0.005 + 0.01 * draw('overdrawn by', hid)) AS BIGINT) - 10000, NULL
FROM held WHERE overdraft AND open_day < day_number(getvariable('start_on'));
