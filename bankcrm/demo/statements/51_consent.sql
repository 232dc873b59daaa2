-- Rows of the consent feed as decided since `from_on`: at the beginning everybody is asked by form; one person in twelve
-- takes the consent to marketing back later, mostly all of it, else by one channel.
WITH asked AS (
    SELECT s.n, s.customer_id, greatest(w.opened_on, DATE '2021-11-01') AS asked_on,
        CASE WHEN s.kind = 'P' AND draw('withdraws', s.n) < 0.08 THEN draw_item('withdraws what', s.n, ['any', 'any', 'any', 'phone', 'sms']) END AS taken_back,
        getvariable('start_on') + draw_int('withdraws on', s.n, getvariable('horizon_on') - getvariable('start_on')) AS taken_back_on
    FROM sources AS s JOIN owners AS w ON w.n = s.n
    WHERE s.source = getvariable('source') AND s.variant = 0
), words AS (
    SELECT n, customer_id, 'marketing' AS purpose, 'any' AS channel, asked_on AS decided_on, 'given' AS status, '开户协议' AS given_through, NULL::DATE AS until_on
    FROM asked WHERE draw('agrees', n) < 0.8
    UNION ALL
    SELECT n, customer_id, 'service', 'any', asked_on, 'given', '开户协议', NULL FROM asked
    UNION ALL
    SELECT n, customer_id, 'credit_report', 'any', asked_on, 'given', '征信授权书', asked_on + 1825 FROM asked WHERE draw('lets look', n) < 0.3
    UNION ALL
    SELECT n, customer_id, 'data_sharing', 'any', asked_on, CASE WHEN draw('shares', n) < 0.4 THEN 'given' ELSE 'withdrawn' END, '手机银行', NULL FROM asked WHERE draw('asked to share', n) < 0.5
    UNION ALL
    SELECT n, customer_id, 'marketing', taken_back, taken_back_on, 'withdrawn', draw_item('withdraws by', n, ['客服电话', '手机银行', '柜面']), NULL
    FROM asked WHERE taken_back IS NOT NULL AND taken_back_on >= asked_on
)
SELECT getvariable('source') AS source_system, customer_id, purpose, channel, status,
    decided_on + to_seconds(36000 + draw_int('decided second', n, 20000)) AS decided_at, given_through, until_on
FROM words
WHERE decided_on BETWEEN getvariable('from_on') AND getvariable('to_on')
QUALIFY row_number() OVER (PARTITION BY customer_id, purpose, channel ORDER BY decided_on DESC, status DESC) = 1
ORDER BY n, purpose, channel
