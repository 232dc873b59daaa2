-- fact: product
-- grain: one row for each product
-- key: code
-- inputs: src_product
SELECT
    product_id AS code, name, coalesce(name_en, '') AS name_en, product_class, business_line,
    coalesce(currency, '') AS currency, term_days, rate, launched_on, withdrawn_on
FROM src_product
