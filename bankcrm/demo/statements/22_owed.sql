-- What is owed on each loan at the end of the period, and when it last changed. Later periods write over earlier ones.
CREATE TABLE IF NOT EXISTS owed (hid BIGINT, after BIGINT, changed_day INTEGER);
CREATE OR REPLACE TEMP TABLE newly_owed AS
SELECT hid, arg_max(after, place) AS after, max(day)::INTEGER AS changed_day
FROM ledger WHERE source = 'LOAN' AND is_lent AND day BETWEEN getvariable('from_day') AND getvariable('to_day')
GROUP BY hid;
DELETE FROM owed WHERE hid IN (SELECT hid FROM newly_owed);
INSERT INTO owed FROM newly_owed;
