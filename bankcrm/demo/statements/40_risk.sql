-- Rows of the risk feed: each loan that is owed, and each organisation that owes; day by day also those just paid back.
SELECT 'LOAN' AS source_system, customer_id, holding_id, risk_class, days AS days_overdue, currency, yuan(late_principal) AS overdue_principal,
    yuan(late_interest) AS overdue_interest, rating AS internal_rating, pd_class, lgd_class, is_watched, getvariable('to_on') AS as_of_on
FROM (
    SELECT source_id('LOAN', n, 0) AS customer_id, holding_number('LOAN', hid) AS holding_id, risk_class, days, currency,
        CASE WHEN days > 0 THEN least(after, CAST(after * 0.02 * (1 + days // 30) AS BIGINT)) ELSE 0 END AS late_principal,
        CAST(after * rate::DOUBLE * days / 365 AS BIGINT) AS late_interest, NULL AS rating, NULL AS pd_class, NULL AS lgd_class, NULL AS is_watched,
        changed_day, hid AS place
    FROM debts WHERE after > 0 OR getvariable('from_day') > 0
    UNION ALL
    SELECT source_id('LOAN', n, 0), NULL, NULL, NULL, 'CNY', NULL, NULL,
        CASE WHEN days > 90 THEN 'D' WHEN days > 0 THEN 'C' ELSE list_extract(['AA', 'A', 'A', 'BBB', 'BBB', 'BB', 'B'], grade) END,
        'PD' || (CASE WHEN days > 90 THEN 10 WHEN days > 0 THEN 9 ELSE grade END)::VARCHAR,
        'LGD' || (CASE secured WHEN 'mortgaged' THEN 1 WHEN 'pledged' THEN 2 WHEN 'guaranteed' THEN 3 ELSE 4 END)::VARCHAR,
        days > 0 OR draw('watched', n) < 0.01, changed_day, n
    FROM (SELECT *, 1 + draw_int('rating', n, 7) AS grade FROM lines) WHERE drawn > 0 OR getvariable('from_day') > 0
)
WHERE changed_day BETWEEN getvariable('from_day') AND getvariable('to_day')
ORDER BY place, holding_id
