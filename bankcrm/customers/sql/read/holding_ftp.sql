-- query: holding_ftp
-- grain: at most one row: the transfer price locked for the holding's present term
-- inputs: ref_ftp_lock
SELECT locked_on, term_days, rate, curve_on, origin
FROM ref_ftp_lock
WHERE holding_key = $holding_key
