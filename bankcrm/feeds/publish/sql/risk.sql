-- fact: risk
-- grain: one row for each classified holding, and one for each rated or watched source customer
-- key: feed_key
-- inputs: src_risk, ref_holding, ref_customer_map
SELECT
    r.source_key || '/' || coalesce(r.holding_id, '') AS feed_key, m.customer_id, h.holding_key,
    coalesce(r.risk_class, '') AS risk_class, r.days_overdue, r.currency, r.overdue_principal, r.overdue_interest,
    coalesce(r.internal_rating, '') AS internal_rating, coalesce(r.pd_class, '') AS pd_class,
    coalesce(r.lgd_class, '') AS lgd_class, r.is_watched, r.as_of_on
FROM src_risk r
JOIN ref_customer_map m ON m.source_key = r.source_key
LEFT JOIN ref_holding h ON h.holding_key = r.holding_key
