-- Complaints, calls and reviews. A client's number is written without its letter and zeros (4587, 4587.0): C00004587.
-- The call centre's log writes -1 and Unknown for what it does not know; a call without a number of its own is delivered
-- without one and refused. A review has no number and names nobody: its number is made of what it says.
SELECT
    e.complaint_id AS interaction_id,
    'C' || lpad(e.client_id, 8, '0') AS customer_id,
    strptime(e.date_received, '%d-%m-%Y')::DATE AS happened_on,
    NULL::TIMESTAMP AS happened_at,
    'complaint' AS interaction_kind,
    c.value AS channel,
    'CFPB' AS recorded_in,
    NULL AS about_id,
    e.issue AS subject,
    e.product || ': ' || e.sub_product AS product,
    'Sent to the bank on ' || strptime(e.date_sent_to_company, '%d-%m-%Y')::DATE AS note,
    coalesce(s.value, 'closed') AS status,
    e.company_response_to_consumer AS outcome,
    NULL::BIGINT AS rating,
    e.timely_response = 'Yes' AS is_timely,
    NULL::BIGINT AS duration_seconds,
    NULL AS phone,
    NULL AS agent,
    NULL AS unit_id
FROM complaint AS e
LEFT JOIN code_complaint_channel AS c ON c.code = e.submitted_via
LEFT JOIN code_complaint_status AS s ON s.code = e.company_response_to_consumer
WHERE strptime(e.date_received, '%d-%m-%Y')::DATE <= $business_date
UNION ALL
SELECT
    'CALL' || nullif(k.call_id, '-1.0')::DECIMAL(12, 1)::BIGINT,
    'C' || lpad(nullif(k.rand_client, '-1.0')::DECIMAL(12, 1)::BIGINT::VARCHAR, 8, '0'),
    k.date_received::DATE,
    k.date_received::DATE + k.ser_start::TIMESTAMP::TIME,
    'call',
    'phone',
    'Call centre ' || nullif(k.vru_line, 'Unknown'),
    nullif(k.complaint_id, 'NO_COMPLAINT'),
    t.value,
    NULL,
    NULL,
    NULL,
    o.value,
    NULL,
    NULL,
    k.service_seconds::DECIMAL(12, 1)::BIGINT,
    k.phonefinal,
    nullif(nullif(k.server, 'NO_SERVER'), 'Unknown'),
    NULL
FROM call AS k
LEFT JOIN code_call_type AS t ON t.code = k.type
LEFT JOIN code_call_outcome AS o ON o.code = k.outcome
WHERE k.date_received::DATE <= $business_date
UNION ALL
SELECT
    'REVIEW' || md5(concat_ws('|', r."date", r.stars, r.reviews, r.product, r.district_id))[1:16],
    NULL,
    r."date"::DATE,
    NULL,
    'review',
    'web',
    'Reviews',
    NULL,
    'Review of ' || r.product,
    r.product,
    regexp_replace(r.reviews, '^\s+|\s+$', '', 'g'),
    NULL,
    NULL,
    r.stars::BIGINT,
    NULL,
    NULL,
    NULL,
    NULL,
    r.district_id
FROM review AS r
WHERE r."date"::DATE <= $business_date
