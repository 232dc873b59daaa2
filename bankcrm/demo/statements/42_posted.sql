-- The balance of each holding at the end of the period. Later periods write over earlier ones.
CREATE TABLE IF NOT EXISTS posted (hid BIGINT, after BIGINT);
CREATE OR REPLACE TEMP TABLE newly_posted AS
SELECT hid, arg_max(after, place) AS after FROM ledger
WHERE day BETWEEN getvariable('from_day') AND getvariable('to_day') GROUP BY hid;
DELETE FROM posted WHERE hid IN (SELECT hid FROM newly_posted);
INSERT INTO posted FROM newly_posted;
