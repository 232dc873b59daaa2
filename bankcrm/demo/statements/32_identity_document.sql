-- Rows of the identity document feed. The number of a dirty duplicate has another digit and a check digit that fits, or a
-- check digit that does not fit, or is missing. On the days after the history, records that were looked through again come
-- once more, a four-hundredth of them each day.
WITH known AS (
    SELECT s.*, d.document_error, coalesce(d.document_error, '') AS error, d.error_step, d.error_place
    FROM sources AS s LEFT JOIN dirt AS d ON d.n = s.n AND d.source = s.source AND d.variant = s.variant
    WHERE s.source = getvariable('source') AND (s.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
        OR s.source = 'CORE' AND s.variant = 0 AND s.opened_on <= getvariable('to_on')
            AND getvariable('business_on') + 1 + draw_int('looked through', s.n, 400) BETWEEN getvariable('from_on') AND getvariable('to_on'))
), cards AS (
    SELECT k.*, p.resident_id, p.region, p.birth_on, p.city, p.district, p.age, substr(p.resident_id, 15, 3)::INTEGER AS seq,
        CASE WHEN p.age < 16 THEN 5 WHEN p.age < 26 THEN 10 WHEN p.age < 46 THEN 20 END AS years, draw('renewal', p.p) AS renewal
    FROM known AS k JOIN people AS p ON p.n = k.n WHERE k.kind = 'P' AND k.error <> 'missing'
), dated AS (
    SELECT *, CASE WHEN renewal < 0.12 THEN getvariable('business_on') - 250 + CAST(renewal / 0.12 * 340 AS INTEGER)
                   ELSE getvariable('business_on') + 91 + CAST((renewal - 0.12) / 0.88 * (years * 365 - 120) AS INTEGER) END AS ends_on
    FROM cards
)
SELECT source AS source_system, customer_id, 'resident_id' AS document_type,
    CASE error WHEN 'typed' THEN CASE WHEN error_place = 3 THEN resident_id(region, ymd(birth_on) - 40000, seq)
                                      ELSE resident_id(region, ymd(birth_on), 10 + (seq + 2 * error_step) % 980) END
               WHEN 'broken' THEN substr(resident_id, 1, 17) || CASE WHEN right(resident_id, 1) = '5' THEN '6' ELSE '5' END
               ELSE resident_id END AS document_number,
    CASE WHEN years IS NULL THEN greatest(birth_on + 16801, DATE '2005-01-01') + draw_int('issued', n, 500) ELSE ends_on - years * 365 END AS issued_on,
    CASE WHEN years IS NULL THEN NULL ELSE ends_on END AS expires_on,
    city || '公安局' || CASE WHEN district LIKE '%区' THEN substr(district, 1, length(district) - 1) || '分局' ELSE '' END AS issuer, TRUE AS is_primary
FROM dated
UNION ALL
SELECT k.source, k.customer_id, CASE WHEN draw('travel', k.n) < 0.012 THEN 'passport' ELSE 'hk_macao_permit' END,
    CASE WHEN draw('travel', k.n) < 0.012 THEN 'EJ' || lpad(scattered(k.n + 5, 48271, 9999991)::VARCHAR, 7, '0')
         ELSE 'C' || lpad(scattered(k.n + 5, 48271, 99999989)::VARCHAR, 8, '0') END,
    getvariable('business_on') - 100 - draw_int('travel issued', k.n, 3200), getvariable('business_on') + 3550 - draw_int('travel issued', k.n, 3200), '国家移民管理局', FALSE
FROM known AS k WHERE k.kind = 'P' AND k.source = 'CORE' AND k.variant = 0 AND draw('travel', k.n) < 0.018
UNION ALL
SELECT k.source, k.customer_id, 'uscc', c.credit_code, greatest(c.established_on, DATE '2015-10-01'),
    CASE WHEN draw('licence ends', c.o) < 0.08 THEN getvariable('business_on') - 40 + draw_int('licence end', c.o, 700) END, c.city || '市场监督管理局', TRUE
FROM known AS k JOIN companies AS c ON c.n = k.n WHERE k.error <> 'missing'
UNION ALL
SELECT k.source, k.customer_id, 'organisation_code', substr(c.credit_code, 9, 9), c.established_on, NULL, c.city || '质量技术监督局', FALSE
FROM known AS k JOIN companies AS c ON c.n = k.n WHERE k.source = 'LOAN' AND c.established_on < DATE '2015-01-01' AND draw('old code', c.o) < 0.3
ORDER BY customer_id, document_type
