-- Rows of the balance feed: the day end, where it changed.
SELECT source AS source_system, holding_number(source, hid) AS holding_id, day_of(day) AS balance_on, currency, yuan(after) AS balance
FROM ledger
WHERE source = getvariable('source') AND ends_day AND (change <> 0 OR sequence > 1 OR place = 1)
    AND day BETWEEN getvariable('from_day') AND getvariable('to_day')
ORDER BY hid, day
