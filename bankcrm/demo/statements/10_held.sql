-- The holdings of one part of the bank, with days as numbers and the pace of their movements.
CREATE OR REPLACE MACRO season(kind, month_no) AS (CASE WHEN kind = 'O' AND month_no = 12 THEN 1.10 WHEN kind = 'O' AND month_no = 2 THEN 0.94
    WHEN kind = 'P' AND month_no IN (1, 2) THEN 1.06 ELSE 1.0 END);
CREATE OR REPLACE MACRO fading(day, leave_day) AS
    (CASE WHEN leave_day IS NULL OR day < leave_day THEN 1.0 ELSE greatest(0.02, exp((leave_day - day) / 22.0)) END);
-- A balance as people leave it: in whole hundreds (or tens, thousands) above a tail of its own, so that amounts look meant.
CREATE OR REPLACE MACRO rounded(hid, fen, exact) AS (CASE WHEN exact OR fen < 20000 THEN greatest(CAST(fen AS BIGINT), 1)
    WHEN fen < 100000 THEN 1000 * CAST(fen / 1000 AS BIGINT) + hid % 100
    WHEN fen < 2000000 THEN 10000 * CAST(fen / 10000 AS BIGINT) + hid % 1000
    WHEN fen < 100000000 THEN 50000 * CAST(fen / 50000 AS BIGINT) + hid % 10000
    ELSE 1000000 * CAST(fen / 1000000 AS BIGINT) + hid % 100000 END);
-- What is left of an annuity loan after some of its instalments; `rate` is a year's.
CREATE OR REPLACE MACRO outstanding(lent, rate, instalments, paid) AS (CASE WHEN paid >= instalments THEN 0 ELSE CAST(lent
    * (pow(1 + rate / 12, instalments) - pow(1 + rate / 12, paid)) / (pow(1 + rate / 12, instalments) - 1) AS BIGINT) END);
CREATE OR REPLACE MACRO instalment(lent, rate, instalments) AS
    CAST(lent * rate / 12 * pow(1 + rate / 12, instalments) / (pow(1 + rate / 12, instalments) - 1) AS BIGINT);

CREATE OR REPLACE TABLE held AS
SELECT h.*, day_number(h.opened_on) AS open_day, day_number(h.ends_on) AS end_day, day_number(h.leaves_on) AS leave_day,
    greatest(day_number(h.opened_on), day_number(getvariable('start_on'))) AS first_day,
    h.rate::DOUBLE AS annual, (1 + draw_int('pay day', h.hid, 27)) AS pay_day,
    round(coalesce(h.term, 360) / 365.0 * 12)::INTEGER AS instalments,
    CASE h.pattern
        WHEN 'demand' THEN CASE
            WHEN h.kind = 'O' THEN CASE WHEN h.slot > 0 THEN 0.3 WHEN h.rank > 0.9 THEN 3.0 WHEN h.rank > 0.5 THEN 1.2 ELSE 0.4 END
            WHEN h.slot > 1 THEN 0.08 WHEN h.slot = 1 THEN 0.16
            WHEN e.hid IS NOT NULL OR p.hid IS NOT NULL THEN 0.3
            WHEN draw('pace', h.hid) < 0.22 THEN 0.25 WHEN draw('pace', h.hid) < 0.55 THEN 0.08 ELSE 0.02 END
        WHEN 'card' THEN 0.26 WHEN 'custody' THEN 0.15 ELSE 0 END AS pace,
    p.hid IS NOT NULL AS pension,
    h.kind = 'O' AND h.slot = 0 AND h.rank > 0.5 AND draw('overdraft', h.hid) < 0.004 AS overdraft
FROM holdings AS h
LEFT JOIN employees AS e ON e.hid = h.hid
LEFT JOIN (SELECT n * 32 AS hid FROM people WHERE pension AND in_core) AS p ON p.hid = h.hid
WHERE h.n >= getvariable('chunk_from') AND h.n < getvariable('chunk_to') AND h.pattern <> 'none';

CREATE OR REPLACE TABLE events (hid BIGINT, day INTEGER, sec INTEGER, kind SMALLINT, fixed BIGINT, target BIGINT, party BIGINT);
