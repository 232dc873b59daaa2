-- Rows of the person feed, as each source system has them.
SELECT s.source AS source_system, s.customer_id,
    CASE WHEN d.name_error THEN substr(p.name, 1, length(p.name) - 1) || draw_item('misspelt', p.p, getvariable('male_middle'))
         WHEN s.source = 'LOAN' AND length(p.name) = 2 AND draw('spaced', p.p) < 0.15 THEN substr(p.name, 1, 1) || '　' || substr(p.name, 2)
         ELSE p.name END AS name,
    CASE WHEN p.male THEN 'male' ELSE 'female' END AS gender, p.birth_on, 'CN' AS nationality,
    CASE WHEN s.source = 'WEALTH' THEN NULL WHEN p.is_spouse OR p.role = 0 AND p.married THEN 'married' WHEN p.age < 27 THEN 'single'
         WHEN p.age > 70 AND draw('widowed', p.p) < 0.3 THEN 'widowed' WHEN draw('marital', p.p) < 0.55 THEN 'married'
         WHEN draw('marital', p.p) < 0.65 THEN 'divorced' ELSE 'single' END AS marital_status,
    CASE WHEN s.source = 'WEALTH' OR draw('education known', p.p) < 0.12 THEN NULL
         WHEN p.age > 58 THEN ['primary', 'secondary', 'secondary', 'secondary', 'college', 'bachelor'][1 + draw_int('education', p.p, 6)]
         ELSE ['secondary', 'secondary', 'college', 'college', 'bachelor', 'bachelor', 'postgraduate'][1 + draw_int('education', p.p, 7)] END AS education,
    CASE WHEN p.age < 22 THEN 'student' WHEN p.age >= 60 THEN 'retired' WHEN e.o IS NOT NULL
         THEN ['professional', 'clerk', 'production', 'production', 'commerce', 'official'][1 + draw_int('occupation', p.p, 6)]
         ELSE ['commerce', 'commerce', 'self_employed', 'self_employed', 'agriculture', 'production', 'professional', 'clerk', 'other'][1 + draw_int('occupation', p.p, 9)] END AS occupation,
    CASE WHEN s.source = 'WEALTH' THEN NULL ELSE e.employer END AS employer_name,
    CASE WHEN s.source IN ('LOAN', 'CARD') OR draw('income known', p.p) < 0.4 THEN CAST(p.annual_income AS DECIMAL(18, 2)) END AS annual_income,
    CASE WHEN s.source IN ('CORE', 'LOAN') OR NOT p.in_core THEN f.unit_id END AS unit_id,
    s.opened_on, NULL::DATE AS closed_on
FROM sources AS s JOIN people AS p ON p.n = s.n JOIN fronts AS f USING (front)
LEFT JOIN dirt AS d ON d.n = s.n AND d.source = s.source AND d.variant = s.variant
LEFT JOIN employees AS e ON e.p = p.p
WHERE s.source = getvariable('source') AND s.kind = 'P' AND s.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
ORDER BY s.customer_id
