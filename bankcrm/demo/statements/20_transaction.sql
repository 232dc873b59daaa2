-- Rows of the transaction feed. Seen from the holding: money in is a credit; on loans and cards, where the balance is a
-- debt, a drawdown or purchase is a debit and a repayment a credit.
WITH signed AS (
    SELECT *, CASE WHEN is_lent THEN change > 0 ELSE change < 0 END AS goes_out,
        CASE WHEN kind = 3 AND abs(change) > 600000 THEN 25 WHEN kind = 14 AND abs(change) > 3000000 THEN 26
             WHEN kind = 16 AND change > 1500000 THEN 27 ELSE kind END * 16
            + CASE WHEN CASE WHEN is_lent THEN change > 0 ELSE change < 0 END THEN 8 ELSE 0 END + draw_int('flavour', number, 8) AS key
    FROM ledger
    WHERE source = getvariable('source') AND change <> 0 AND NOT is_promised
        AND day BETWEEN getvariable('from_day') AND getvariable('to_day')
), shown AS (
    SELECT s.*, f.* EXCLUDE (key), CASE f.side
        WHEN 'given' THEN s.party
        WHEN 'merchant' THEN draw_int('merchant', number, getvariable('merchants'))
        WHEN 'wallet' THEN draw_int('merchant', number, 2)
        WHEN 'person' THEN 1000 + draw_int('payer', number, 6000)
        WHEN 'company' THEN 10000 + draw_int('payer', hid * 8 + number % 5, 6000)
        WHEN 'bank_company' THEN 1000000 + draw_int('payer', hid * 8 + number % 5, getvariable('organisations'))
        WHEN 'tax' THEN 900 WHEN 'pension' THEN 901 END AS other
    FROM signed AS s JOIN flavours AS f USING (key)
)
SELECT source AS source_system, lpad(number::VARCHAR, 13, '0') AS transaction_id, holding_number(source, hid) AS holding_id, day_of(day) AS transacted_on,
    make_timestamp(day::BIGINT * 86400000000 + sec::BIGINT * 1000000) AS transacted_at, sequence::BIGINT AS sequence,
    CASE WHEN goes_out <> (shown.kind = 24) THEN 'debit' ELSE 'credit' END AS direction,
    yuan(CASE WHEN shown.kind = 24 THEN -abs(change) ELSE abs(change) END) AS amount, currency, yuan(after) AS balance_after,
    transaction_type, channel, p.name AS counterparty_name, p.account AS counterparty_account, p.bank AS counterparty_bank, summary
FROM shown LEFT JOIN parties AS p ON p.party = shown.other
ORDER BY hid, place
