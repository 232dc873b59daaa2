-- Balances move from day to day: the alert shows today's.
UPDATE alerts_alert a
SET amount = g.amount
FROM alert_ground g
WHERE g.customer_id = a.customer_id AND g.kind = a.kind AND g.object_key = a.object_key
    AND g.occasion_on = a.occasion_on AND a.amount IS DISTINCT FROM g.amount
