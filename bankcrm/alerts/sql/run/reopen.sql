-- Opens again what has its reason back, and the task that had ended by itself.
WITH opened AS (
    UPDATE alerts_alert a
    SET ended_on = NULL, ended_because = ''
    FROM alert_ground g
    WHERE a.ended_on IS NOT NULL AND g.customer_id = a.customer_id AND g.kind = a.kind
        AND g.object_key = a.object_key AND g.occasion_on = a.occasion_on
    RETURNING a.task_id
), resumed AS (
    UPDATE customers_task t
    SET status = 'open', outcome_code = '', closed_at = NULL
    FROM opened o
    WHERE t.id = o.task_id AND t.status = 'cancelled'
        AND t.outcome_code IN ('passed', 'ground_gone', 'rule_changed')
)
SELECT FROM opened
