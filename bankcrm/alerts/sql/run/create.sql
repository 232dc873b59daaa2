-- The new alerts.
INSERT INTO alerts_alert (
    kind, customer_id, object_key, occasion_on, amount, task_id, given_to_id, found_on, ended_because
)
SELECT kind, customer_id, object_key, occasion_on, amount, task_id, user_id, %(day)s, ''
FROM alert_give
WHERE alert_id IS NULL
