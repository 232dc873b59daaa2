-- Rows of the contact point feed. Families share their address; half of the dirty duplicates have another phone and address.
CREATE OR REPLACE MACRO street_address(seat, city, district) AS ('江西省' || city || district || draw_item('street', seat, getvariable('streets'))
    || (1 + draw_int('house number', seat, 398))::VARCHAR || '号');
CREATE OR REPLACE MACRO flat_address(seat) AS (draw_item('estate', seat, getvariable('estates')) || (1 + draw_int('building', seat, 28))::VARCHAR || '栋'
    || (1 + draw_int('door', seat, 3))::VARCHAR || '单元' || ((1 + draw_int('floor', seat, 24)) * 100 + 1 + draw_int('flat', seat, 4))::VARCHAR || '室');
CREATE OR REPLACE MACRO confirmed(n, opened_on) AS greatest(opened_on, getvariable('business_on') - draw_int('confirmed', n, 1500));
CREATE OR REPLACE TABLE reached AS
SELECT s.source, s.customer_id, s.kind, s.n, s.opened_on, s.own_no, coalesce(d.contact_error, FALSE) AS elsewhere,
    draw('changed', s.n) < 0.0015 * 400 AND s.source = 'CORE' AND s.variant = 0 AS updates,
    getvariable('business_on') + 1 + draw_int('changed on', s.n, 400) AS updated_on
FROM sources AS s LEFT JOIN dirt AS d ON d.n = s.n AND d.source = s.source AND d.variant = s.variant
WHERE s.source = getvariable('source')
    AND (s.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
        OR draw('changed', s.n) < 0.0015 * 400 AND s.source = 'CORE' AND s.variant = 0 AND s.kind = 'P'
            AND getvariable('business_on') + 1 + draw_int('changed on', s.n, 400) BETWEEN getvariable('from_on') AND getvariable('to_on'));

SELECT source AS source_system, customer_id, contact_type, purpose, value, district, confirmed_on
FROM (
    SELECT r.source, r.customer_id, 'mobile' AS contact_type, 'primary' AS purpose,
        CASE WHEN r.elsewhere OR r.source = 'CARD' AND draw('newer phone', r.n) < 0.03
             THEN '199' || lpad(scattered(p.p + 77, 48271, 99999989)::VARCHAR, 8, '0') ELSE p.mobile END AS value,
        NULL AS district, confirmed(r.n, r.opened_on) AS confirmed_on
    FROM reached AS r JOIN people AS p ON p.n = r.n WHERE r.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
    UNION ALL
    SELECT r.source, r.customer_id, 'mobile', 'work', '198' || lpad(scattered(p.p + 177, 61681, 99999989)::VARCHAR, 8, '0'), NULL, r.updated_on
    FROM reached AS r JOIN people AS p ON p.n = r.n
    WHERE r.updates AND r.updated_on BETWEEN getvariable('from_on') AND getvariable('to_on')
    UNION ALL
    SELECT r.source, r.customer_id, 'address', 'home',
        CASE WHEN r.elsewhere THEN street_address(p.home + 5000000000, p.city, p.district) || flat_address(p.home + 5000000000)
             ELSE street_address(p.home, p.city, p.district) || flat_address(p.home) END, p.city || p.district, confirmed(r.n + 1, r.opened_on)
    FROM reached AS r JOIN people AS p ON p.n = r.n
    WHERE r.source <> 'WEALTH' AND r.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
    UNION ALL
    SELECT r.source, r.customer_id, 'email', 'primary', 'u' || scattered(p.p + 9, 61681, 99999989)::VARCHAR || '@' || draw_item('mail host', p.p, getvariable('mail_hosts')),
        NULL, confirmed(r.n + 2, r.opened_on)
    FROM reached AS r JOIN people AS p ON p.n = r.n
    WHERE draw('has mail', p.p) < CASE WHEN r.source = 'CORE' THEN 0.15 ELSE 0.4 END AND r.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
    UNION ALL
    SELECT r.source, r.customer_id, 'phone', 'home', f.area_code || '-8' || lpad(scattered(p.home, 61681, 999983)::VARCHAR, 6, '0'), NULL, confirmed(r.n + 3, r.opened_on)
    FROM reached AS r JOIN people AS p ON p.n = r.n JOIN fronts AS f USING (front)
    WHERE r.source = 'CORE' AND p.age > 50 AND draw('has phone', p.home) < 0.12 AND r.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
    UNION ALL
    SELECT r.source, r.customer_id, 'address', 'registered', street_address(c.n + 9000000000, c.city, c.district), c.city || c.district, confirmed(r.n, r.opened_on)
    FROM reached AS r JOIN companies AS c ON c.n = r.n WHERE r.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
    UNION ALL
    SELECT r.source, r.customer_id, 'phone', 'business', f.area_code || '-' || CASE WHEN r.elsewhere THEN '6' ELSE '8' END || lpad(scattered(c.o + 3, 48271, 999983)::VARCHAR, 6, '0'),
        NULL, confirmed(r.n + 1, r.opened_on)
    FROM reached AS r JOIN companies AS c ON c.n = r.n JOIN fronts AS f USING (front) WHERE r.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
    UNION ALL
    SELECT r.source, r.customer_id, 'email', 'work', 'office' || c.o::VARCHAR || '@' || draw_item('mail host', c.n, getvariable('mail_hosts')), NULL, confirmed(r.n + 2, r.opened_on)
    FROM reached AS r JOIN companies AS c ON c.n = r.n
    WHERE r.source = 'CORE' AND draw('has mail', c.n) < 0.5 AND r.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
)
ORDER BY customer_id, contact_type, purpose, value
