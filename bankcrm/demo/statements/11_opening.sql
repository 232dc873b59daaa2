-- First and last movement of every holding: what it had when the history begins, or its opening; and its end.
CREATE OR REPLACE MACRO level_on(day, hid, kind, pattern, level, growth, leave_day, annual, instalments, open_day) AS (CASE pattern
    WHEN 'demand' THEN rounded(hid, level * exp(growth * (day - day_number(getvariable('business_on'))) / 365.0
        + 0.3 * draw_normal('noise', hid)) * season(kind, 10) * fading(day, leave_day), FALSE)
    WHEN 'instalments' THEN outstanding(level, annual, instalments, greatest(0, (day - open_day) // 30))
    WHEN 'card' THEN CAST(level * 0.5 * pow(draw('used', hid), 2) AS BIGINT)
    WHEN 'custody' THEN 100000 * CAST(1 + level / 100000 * (0.5 + draw('used', hid)) AS BIGINT)
    ELSE level END);

INSERT INTO events
SELECT hid, day_number(getvariable('start_on')), 60, 1, NULL,
    level_on(day_number(getvariable('start_on')), hid, kind, pattern, level, growth, leave_day, annual, instalments, open_day), NULL
FROM held WHERE open_day < day_number(getvariable('start_on'));

INSERT INTO events
SELECT hid, open_day, 32400 + draw_int('opening time', hid, 20000),
    CASE pattern WHEN 'demand' THEN 2 WHEN 'term' THEN CASE WHEN source = 'CORE' THEN 9 ELSE 10 END WHEN 'card' THEN 16
        WHEN 'valued' THEN 10 WHEN 'custody' THEN 17 ELSE 11 END,
    NULL, level_on(open_day, hid, kind, pattern, level, growth, leave_day, annual, instalments, open_day), NULL
FROM held WHERE open_day >= day_number(getvariable('start_on'));

INSERT INTO events
SELECT hid, end_day, 64800, CASE pattern WHEN 'demand' THEN 3 WHEN 'term' THEN CASE WHEN source = 'CORE' THEN 9 ELSE 10 END
        WHEN 'card' THEN 16 WHEN 'valued' THEN 10 WHEN 'custody' THEN 17 ELSE 11 END, NULL, 0, NULL
FROM held WHERE end_day > first_day;
