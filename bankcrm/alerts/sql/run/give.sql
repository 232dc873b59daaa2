-- What is new, and what nobody had got so far; with the number of the task that it is going to have.
CREATE TEMP TABLE alert_give ON COMMIT DROP AS
SELECT
    g.*, a.id AS alert_id,
    CASE WHEN g.user_id IS NOT NULL THEN nextval(pg_get_serial_sequence('customers_task', 'id')) END AS task_id
FROM alert_ground g
LEFT JOIN alerts_alert a ON a.customer_id = g.customer_id AND a.kind = g.kind AND a.object_key = g.object_key
    AND a.occasion_on = g.occasion_on
WHERE a.id IS NULL OR (a.task_id IS NULL AND g.user_id IS NOT NULL)
