-- Every movement with the balance after it. A movement either has a fixed amount or leads to a target; the balance is the
-- last target plus what was fixed since: running sum of the fixed + last value of (target − running sum).
CREATE OR REPLACE TABLE running AS
WITH summed AS (
SELECT hid, day, sec, kind, fixed, target, party, coalesce(sum(fixed) OVER adding, 0)::BIGINT AS so_far
FROM events
WHERE day BETWEEN day_number(getvariable('start_on')) AND day_number(getvariable('horizon_on'))
WINDOW adding AS (PARTITION BY hid ORDER BY day, sec, kind, fixed, target ROWS UNBOUNDED PRECEDING)
)
SELECT hid, day, sec, kind, party,
    so_far + last_value(target - so_far IGNORE NULLS) OVER (w ROWS UNBOUNDED PRECEDING) AS after,
    so_far - coalesce(fixed, 0) + coalesce(last_value(target - so_far IGNORE NULLS)
        OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before,
    row_number() OVER w AS place,
    1 + (lag(day, 1) OVER w IS NOT DISTINCT FROM day)::INTEGER + (lag(day, 2) OVER w IS NOT DISTINCT FROM day)::INTEGER
      + (lag(day, 3) OVER w IS NOT DISTINCT FROM day)::INTEGER + (lag(day, 4) OVER w IS NOT DISTINCT FROM day)::INTEGER AS sequence,
    lead(day) OVER w IS DISTINCT FROM day AS ends_day
FROM summed
WINDOW w AS (PARTITION BY hid ORDER BY day, sec, kind, fixed, target);

-- An account that would fall below zero had that much more from its first day.
CREATE OR REPLACE TABLE lifted AS
SELECT r.hid, -min(r.after) AS lift FROM running AS r GROUP BY r.hid HAVING min(r.after) < 0;
DELETE FROM lifted WHERE hid IN (SELECT hid FROM held WHERE overdraft);

CREATE OR REPLACE TABLE ledger AS
SELECT r.hid, h.source, h.kind = 'O' AS is_organisation, h.pattern IN ('instalments', 'bullet', 'card') AS is_lent,
    h.pattern = 'contingent' AS is_promised, h.currency, r.day, r.sec,
    r.kind, r.party, r.place, r.sequence, r.ends_day, r.after + coalesce(l.lift, 0) AS after,
    CASE WHEN r.place = 1 THEN r.after + coalesce(l.lift, 0) ELSE r.after - r.before END AS change,
    r.hid * 4096 + r.place AS number
FROM running AS r JOIN held AS h USING (hid) LEFT JOIN lifted AS l USING (hid);
