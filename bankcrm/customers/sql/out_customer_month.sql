-- step: out_customer_month
-- grain: one row for each customer and month with an open holding or a balance
-- key: customer_id, month
-- inputs: snap_position_month
-- partition: month
-- sort: customer_id
-- Base currency. AUM: deposits and investments, overdrafts counting 0. Loans: loans and card debt, and overdrafts of
-- deposits and investments; what a loan or card account is overpaid by counts nowhere. Averages are rounded once, from the
-- exact sum over the customer's holdings. contingent_end: acceptances, letters of credit and guarantees, in no other figure.
-- other_end: balances of no figure (unknown products), net.
SELECT
    $month AS month,
    customer_id,
    CAST(sum(CASE WHEN figure_class IN ('deposit', 'investment') THEN positive_end ELSE 0 END) AS DECIMAL(20, 2)) AS aum_end,
    money_div(
        sum(CASE WHEN figure_class IN ('deposit', 'investment') THEN positive_accumulated ELSE 0 END), $days
    ) AS aum_average,
    CAST(sum(CASE WHEN figure_class = 'deposit' THEN positive_end ELSE 0 END) AS DECIMAL(20, 2)) AS deposit_end,
    money_div(
        sum(CASE WHEN figure_class = 'deposit' THEN positive_accumulated ELSE 0 END), $days
    ) AS deposit_average,
    CAST(sum(CASE
        WHEN figure_class IN ('loan', 'card') THEN positive_end
        WHEN figure_class IN ('deposit', 'investment') THEN overdrawn_end
        ELSE 0
    END) AS DECIMAL(20, 2)) AS loan_end,
    money_div(sum(CASE
        WHEN figure_class IN ('loan', 'card') THEN positive_accumulated
        WHEN figure_class IN ('deposit', 'investment') THEN overdrawn_accumulated
        ELSE 0
    END), $days) AS loan_average,
    CAST(sum(CASE WHEN figure_class = 'contingent' THEN positive_end ELSE 0 END) AS DECIMAL(20, 2)) AS contingent_end,
    CAST(sum(CASE WHEN figure_class = 'other' THEN positive_end - overdrawn_end ELSE 0 END) AS DECIMAL(20, 2)) AS other_end,
    count(DISTINCT CASE WHEN holding_count > 0 AND product_class <> 'unknown' THEN product_id END) AS product_count,
    CAST(sum(holding_count) AS BIGINT) AS holding_count
FROM snap_position_month
GROUP BY customer_id
