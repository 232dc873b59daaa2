-- step: snap_cube_month
-- grain: one row for each customer, booking unit, product class and month with an open holding, money or fees
-- key: customer_id, unit_id, product_class, figure_class, month
-- inputs: snap_position_month, out_income_month
-- partition: month
-- sort: unit_id, product_class, customer_id
-- Base currency. assets: credit balances of deposits and investments; debt: loans and card debt, and overdrafts of the
-- former; contingent: what the bank has promised, off the balance sheet; fees: received less paid, in rows of their own without a figure class. Averages are rounded here, once for all: whatever a cell of the cross view adds up, its customers add up to.
WITH summed AS (
    SELECT
        customer_id,
        unit_id,
        product_class,
        figure_class,
        CAST(sum(holding_count) AS INTEGER) AS holding_count,
        CAST(sum(positive_end) AS DECIMAL(18, 2)) AS positive_end,
        CAST(sum(overdrawn_end) AS DECIMAL(18, 2)) AS overdrawn_end,
        CAST(money_div(sum(positive_accumulated), $days) AS DECIMAL(18, 2)) AS positive_average,
        CAST(money_div(sum(overdrawn_accumulated), $days) AS DECIMAL(18, 2)) AS overdrawn_average
    FROM snap_position_month
    GROUP BY customer_id, unit_id, product_class, figure_class
),

counted AS (
    SELECT
        customer_id,
        unit_id,
        product_class,
        figure_class,
        holding_count,
        CASE WHEN figure_class IN ('deposit', 'investment') THEN positive_end ELSE 0 END AS assets_end,
        CASE WHEN figure_class IN ('deposit', 'investment') THEN positive_average ELSE 0 END AS assets_average,
        CASE
            WHEN figure_class IN ('loan', 'card') THEN positive_end
            WHEN figure_class IN ('deposit', 'investment') THEN overdrawn_end
            ELSE 0
        END AS debt_end,
        CASE
            WHEN figure_class IN ('loan', 'card') THEN positive_average
            WHEN figure_class IN ('deposit', 'investment') THEN overdrawn_average
            ELSE 0
        END AS debt_average,
        CASE WHEN figure_class = 'contingent' THEN positive_end ELSE 0 END AS contingent_end
    FROM summed
)

SELECT $month AS month, counted.*, CAST(0 AS DECIMAL(18, 2)) AS fees
FROM counted
WHERE holding_count > 0 OR assets_end <> 0 OR assets_average <> 0 OR debt_end <> 0 OR debt_average <> 0
    OR contingent_end <> 0
UNION ALL
SELECT
    $month AS month, customer_id, unit_id, product_class, '' AS figure_class, 0 AS holding_count,
    0 AS assets_end, 0 AS assets_average, 0 AS debt_end, 0 AS debt_average, 0 AS contingent_end,
    CAST(sum(CASE WHEN income_kind = 'fee_income' THEN amount ELSE -amount END) AS DECIMAL(18, 2)) AS fees
FROM out_income_month
WHERE income_kind IN ('fee_income', 'fee_expense')
GROUP BY customer_id, unit_id, product_class
