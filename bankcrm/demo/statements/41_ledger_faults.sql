-- Where the ledger is wrong: what the ledger has too much, in fen, and from which day on it is right again. One amount is
-- in transit over the business date, the other is an old posting error on the cards of one unit.
CREATE OR REPLACE TABLE ledger_faults AS
WITH held AS (
    SELECT f.unit_id, h.product_class FROM holdings AS h JOIN fronts AS f ON f.front = booked_front(h.hid, h.slot, h.front)
    WHERE h.currency = 'CNY' AND h.opened_on <= getvariable('business_on') AND h.ends_on IS NULL
)
SELECT min(unit_id) AS unit_id, 'demand_deposit' AS product_class, 'deposit' AS account_class, 'CNY' AS currency, 128000::BIGINT AS surplus,
    (getvariable('business_on') + 1)::DATE AS right_on
FROM held WHERE product_class = 'demand_deposit'
UNION ALL
SELECT max(unit_id), 'credit_card', 'card', 'CNY', -3650, NULL FROM held WHERE product_class = 'credit_card';
