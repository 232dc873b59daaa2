-- step: snap_holding_month
-- grain: one row for each holding and month (the current month up to the business date)
-- key: holding_key, month
-- inputs: fact_balance, ref_fx_month
-- partition: month
-- sort: holding_key
-- accumulated (积数): Σ of day-end balances, in the holding's currency; accumulated_base: each day's balance at that day's
-- rate; overdrawn_base: the part of it that negative balances took away, as a positive number. days: calendar days of the
-- period, what bank-wide averages (日均) are divided by; days_held: days since the first known balance, for the average
-- over the account's life (账户日均).
WITH pieces AS (
    SELECT
        b.holding_key,
        b.balance,
        b.currency,
        f.rate,
        CASE WHEN least(b.to_on, f.to_on) = $month_end THEN 1 ELSE 0 END AS is_last,
        CAST(date_diff('day', greatest(b.from_on, f.from_on), least(b.to_on, f.to_on)) AS DECIMAL(3, 0)) AS days
    FROM fact_balance AS b
    INNER JOIN ref_fx_month AS f ON f.currency = b.currency AND f.from_on < b.to_on AND f.to_on > b.from_on
)

SELECT
    $month AS month,
    holding_key,
    max(CASE WHEN is_last = 1 THEN currency END) AS currency,
    max(CASE WHEN is_last = 1 THEN balance END) AS balance_end,
    money_div(max(CASE WHEN is_last = 1 THEN balance * rate END), 1) AS balance_end_base,
    CAST(sum(balance * rate * days) AS DECIMAL(38, 10)) AS accumulated_base,
    CAST(sum(CASE WHEN balance < 0 THEN -balance * rate * days ELSE 0 END) AS DECIMAL(38, 10)) AS overdrawn_base,
    CAST(sum(balance * days) AS DECIMAL(30, 2)) AS accumulated,
    $days AS days,
    CAST(sum(days) AS INTEGER) AS days_held
FROM pieces
GROUP BY holding_key
