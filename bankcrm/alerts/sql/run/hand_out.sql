-- Older alerts that somebody gets at last.
UPDATE alerts_alert a
SET task_id = g.task_id, given_to_id = g.user_id
FROM alert_give g
WHERE a.id = g.alert_id
