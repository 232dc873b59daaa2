-- The tasks. Their title is for lists outside of the product; pages name the kind in the reader's language.
INSERT INTO customers_task (
    id, customer_id, assignee_id, title, kind, about_on, origin, note, due_at, status, outcome_code, outcome, postponed,
    created_by_id, created_at
)
SELECT
    task_id, customer_id, user_id,
    CASE kind
        WHEN 'deposit_maturity' THEN %(title_deposit_maturity)s
        WHEN 'wealth_maturity' THEN %(title_wealth_maturity)s
        WHEN 'loan_maturity' THEN %(title_loan_maturity)s
        WHEN 'contingent_maturity' THEN %(title_contingent_maturity)s
        WHEN 'facility_expiry' THEN %(title_facility_expiry)s
        WHEN 'large_movement' THEN %(title_large_movement)s
        WHEN 'overdue' THEN %(title_overdue)s
        WHEN 'document_expiry' THEN %(title_document_expiry)s
        WHEN 'contact_due' THEN %(title_contact_due)s
        ELSE %(title_birthday)s
    END || ' ' || to_char(occasion_on, 'YYYY-MM-DD'),
    kind, occasion_on, 'alert', '', due_at, 'open', '', '', 0, NULL, %(now)s
FROM alert_give
WHERE task_id IS NOT NULL
