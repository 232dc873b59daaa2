-- Loans with what is owed and how late they are; facilities of organisations over their loans. Needs 22_owed.
-- How late: 98 % not, 1.2 % up to 90 days (special mention), 0.8 % more; nobody is later than the loan is old.
CREATE OR REPLACE TABLE debts AS
WITH late AS (
    SELECT h.hid, h.n, h.kind, h.front, h.currency, h.product_class, h.level, h.rate, h.opened_on, h.matures_on, o.after, o.changed_day,
        CASE
            WHEN draw('class', h.hid) < 0.980 THEN 0
            WHEN draw('class', h.hid) < 0.992 THEN 1 + draw_int('late', h.hid, 90)
            WHEN draw('class', h.hid) < 0.996 THEN 91 + draw_int('late', h.hid, 180)
            WHEN draw('class', h.hid) < 0.9985 THEN 271 + draw_int('late', h.hid, 90)
            ELSE 361 + draw_int('late', h.hid, 400) END AS drawn_days
    FROM owed AS o JOIN holdings AS h USING (hid)
), aged AS (
    SELECT *, greatest(0, least(drawn_days, day_number(getvariable('business_on')) - day_number(opened_on) - 30)) AS days_then
    FROM late
), today AS (
    SELECT *, CASE WHEN days_then > 0 AND after > 0 THEN days_then + day_number(getvariable('to_on')) - day_number(getvariable('business_on')) ELSE 0 END AS days
    FROM aged
)
SELECT *, CASE WHEN days > 360 THEN 'loss' WHEN days > 270 THEN 'doubtful' WHEN days > 90 THEN 'substandard'
    WHEN days > 0 THEN 'special_mention' ELSE 'normal' END AS risk_class
FROM today;

-- What the bank has promised for organisations and is not covered by their margin: it draws on the facility too.
CREATE OR REPLACE MACRO margin_of(hid) AS draw_item('margin', hid, [0.2, 0.3, 0.5, 0.5, 1.0]);
CREATE OR REPLACE TABLE promised AS
SELECT n, sum(CASE WHEN ends_on > getvariable('to_on') THEN CAST(level * (1 - margin_of(hid)) AS BIGINT) ELSE 0 END) AS fen,
    max(day_number(CASE WHEN ends_on > getvariable('to_on') THEN opened_on ELSE ends_on END)) AS changed_day
FROM holdings WHERE pattern = 'contingent' AND currency = 'CNY' AND opened_on <= getvariable('to_on') GROUP BY n;

-- One facility for each organisation with loans; one in a hundred is drawn beyond its limit.
CREATE OR REPLACE TABLE lines AS
WITH lent AS (
    SELECT n, min(front) AS front, sum(after) AS owed, max(changed_day) AS changed_day, max(days) AS days,
        sum(level) FILTER (after > 0) AS level, min(opened_on) AS from_on,
        coalesce(max(matures_on) FILTER (after > 0), max(matures_on)) AS matures_on
    FROM debts WHERE kind = 'O' AND currency = 'CNY' GROUP BY n
), used AS (
    SELECT l.* EXCLUDE (changed_day), l.owed + coalesce(p.fen, 0) AS drawn, greatest(l.changed_day, p.changed_day) AS changed_day
    FROM lent AS l LEFT JOIN promised AS p USING (n)
)
SELECT n, front, drawn, changed_day, days,
    10000000 * CAST(ceil(CASE WHEN draw('over limit', n) < 0.01 THEN drawn * 0.9
        ELSE greatest(drawn, level) * (1.05 + 0.6 * draw('limit', n)) END / 10000000) AS BIGINT) AS granted,
    from_on, matures_on + draw_int('line ends', n, 200) AS to_on,
    draw_item('secured', n, ['mortgaged', 'mortgaged', 'mortgaged', 'guaranteed', 'guaranteed', 'guaranteed', 'unsecured', 'unsecured', 'pledged']) AS secured
FROM used;
