-- step: out_income_month
-- grain: one row for each customer, booking unit, product class, kind of income and month with a booking
-- key: customer_id, unit_id, product_class, income_kind, month
-- inputs: src_income, ref_attribution upto, ref_income_owner, ref_fx_month
-- partition: month
-- sort: customer_id, unit_id, product_class, income_kind
-- Base currency at the rate of the day it was booked, each booking rounded to cents: sums over units, classes and months
-- tie. Of the holder of the holding, else of the customer named, else of the unidentified customer. All kinds are
-- positive; what is paid is subtracted where it is shown. Income booked before the oldest month kept is left out.
SELECT
    $month AS month,
    coalesce(a.customer_id, o.customer_id, $unidentified_id) AS customer_id,
    i.unit_id,
    coalesce(nullif(a.product_class, 'unknown'), i.product_class, 'unknown') AS product_class,
    i.income_kind,
    CAST(sum(money_div(i.amount * f.rate, 1)) AS DECIMAL(20, 2)) AS amount,
    count(*) AS booking_count,
    max(i.booked_on) AS last_on
FROM src_income AS i
INNER JOIN ref_fx_month AS f ON f.currency = i.currency AND i.booked_on >= f.from_on AND i.booked_on < f.to_on
LEFT JOIN ref_attribution AS a ON a.holding_key = i.holding_key
LEFT JOIN ref_income_owner AS o ON o.source_key = i.source_key
WHERE i.booked_on >= $month_start AND i.booked_on < $month_end
GROUP BY
    coalesce(a.customer_id, o.customer_id, $unidentified_id),
    i.unit_id,
    coalesce(nullif(a.product_class, 'unknown'), i.product_class, 'unknown'),
    i.income_kind
