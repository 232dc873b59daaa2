-- step: out_customer_unit_month
-- grain: one row for each customer, booking unit and month
-- key: customer_id, unit_id, month
-- inputs: snap_position_month
-- partition: month
-- sort: customer_id, unit_id
-- The figures of out_customer_month, of what is booked at one unit. Ends add up to the customer's; averages are rounded
-- by unit and may differ from it by a cent for each unit; product counts do not add up.
SELECT
    $month AS month,
    customer_id,
    unit_id,
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
GROUP BY customer_id, unit_id
