-- step: out_ledger_cell
-- grain: one row for each booking unit, currency and account class with a ledger balance or an account's balance
-- key: unit_id, currency, account_class
-- inputs: src_gl_balance, ref_holding, snap_holding_month
-- sort: unit_id, currency, account_class
-- 总分核对: the accounts against the ledger on the business date, in the cell's currency. No rows where no ledger of that
-- date was delivered; only classes that the ledger controls anywhere, and accounts of unknown class (product unknown).
-- The ledger counts with the sign of the accounts: docs/feeds.md. unidentified: the part of accounts that belongs to
-- nobody known.
WITH posted AS (
    SELECT
        unit_id,
        currency,
        account_class,
        CAST(sum(CASE
            WHEN balance_side IS NULL THEN balance
            WHEN (balance_side = 'credit') = (account_class IN ('deposit', 'investment')) THEN balance
            ELSE -balance
        END) AS DECIMAL(20, 2)) AS ledger
    FROM src_gl_balance
    WHERE balance_on = $business_date AND account_class IS NOT NULL
    GROUP BY unit_id, currency, account_class
),

compared AS (
    SELECT DISTINCT account_class FROM posted
    UNION
    SELECT 'unknown' AS account_class FROM posted
),

held AS (
    SELECT
        h.unit_id,
        coalesce(s.currency, h.currency) AS currency,
        CASE WHEN h.product_class = 'unknown' THEN 'unknown' ELSE h.figure_class END AS account_class,
        h.customer_id,
        s.balance_end
    FROM snap_holding_month AS s
    INNER JOIN ref_holding AS h ON h.holding_key = s.holding_key
    WHERE s.month = $month
),

counted AS (
    SELECT
        h.unit_id,
        h.currency,
        h.account_class,
        CAST(sum(h.balance_end) AS DECIMAL(20, 2)) AS accounts,
        CAST(sum(CASE WHEN h.customer_id = $unidentified_id THEN h.balance_end ELSE 0 END) AS DECIMAL(20, 2)) AS unidentified,
        count(CASE WHEN h.balance_end <> 0 THEN 1 END) AS account_count
    FROM held AS h
    INNER JOIN compared AS c ON c.account_class = h.account_class
    GROUP BY h.unit_id, h.currency, h.account_class
)

SELECT
    coalesce(p.unit_id, c.unit_id) AS unit_id,
    coalesce(p.currency, c.currency) AS currency,
    coalesce(p.account_class, c.account_class) AS account_class,
    $business_date AS as_of,
    coalesce(p.ledger, 0) AS ledger,
    coalesce(c.accounts, 0) AS accounts,
    coalesce(c.unidentified, 0) AS unidentified,
    CAST(coalesce(c.accounts, 0) - coalesce(p.ledger, 0) AS DECIMAL(20, 2)) AS difference,
    coalesce(c.account_count, 0) AS account_count
FROM posted AS p
FULL OUTER JOIN counted AS c
    ON c.unit_id = p.unit_id AND c.currency = p.currency AND c.account_class = p.account_class
