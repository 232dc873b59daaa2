-- step: fact_transaction
-- grain: one row for each transaction
-- key: transaction_key
-- inputs: src_transaction, ref_holder upto
-- partition: month
-- sort: source_key, holding_key, transacted_on, sequence, transaction_key
-- Sorted by source customer: a page reads one customer's rows from one row group or two of each month.
SELECT
    coalesce(h.source_key, '') AS source_key,
    t.holding_key,
    t.transaction_key,
    t.transacted_on,
    t.transacted_at,
    t.sequence,
    t.direction,
    t.amount,
    t.currency,
    t.balance_after,
    t.transaction_type,
    t.channel,
    t.counterparty_name,
    t.counterparty_account,
    t.counterparty_bank,
    t.summary
FROM src_transaction AS t
LEFT JOIN ref_holder AS h ON h.holding_key = t.holding_key
WHERE t.transacted_on < $month_end
