-- Ends the open alerts whose reason is not there any more, and their tasks that are still open.
WITH ended AS (
    UPDATE alerts_alert a
    SET ended_on = %(day)s, ended_because = CASE
        WHEN a.kind = 'large_movement' AND a.occasion_on <= %(day)s::date - %(movement_days)s::int THEN 'passed'
        WHEN a.kind = 'document_expiry' AND a.occasion_on < %(day)s::date - %(document_days)s::int THEN 'passed'
        WHEN a.kind NOT IN ('large_movement', 'document_expiry', 'overdue', 'contact_due') AND a.occasion_on < %(day)s THEN 'passed'
        WHEN NOT EXISTS (
            SELECT FROM customers_customer c
            JOIN alert_rule_now r ON r.unit_id = c.owning_unit_id AND r.kind = a.kind AND r.line IN ('', c.line)
            WHERE c.id = a.customer_id
        ) THEN 'rule_changed'
        ELSE 'ground_gone' END
    WHERE a.ended_on IS NULL AND NOT EXISTS (
        SELECT FROM alert_ground g
        WHERE g.customer_id = a.customer_id AND g.kind = a.kind AND g.object_key = a.object_key
            AND g.occasion_on = a.occasion_on
    )
    RETURNING a.task_id, a.ended_because
), closed AS (
    UPDATE customers_task t
    SET status = 'cancelled', outcome_code = e.ended_because, closed_at = %(now)s
    FROM ended e
    WHERE t.id = e.task_id AND t.status = 'open'
)
SELECT FROM ended
