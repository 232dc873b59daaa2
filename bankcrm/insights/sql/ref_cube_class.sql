-- step: ref_cube_class
-- grain: one row for each product class that somebody holds or held
-- key: product_class
-- inputs: ref_holding
-- sort: product_class
-- Each class has a bit of its own: what a customer holds is one whole number, and customers who hold any of some classes
-- are counted by adding up, without looking for those counted twice.
WITH known AS (SELECT DISTINCT product_class FROM ref_holding)

SELECT
    product_class,
    CAST(1 AS BIGINT) << CAST(row_number() OVER (ORDER BY product_class) - 1 AS INTEGER) AS bit
FROM known
