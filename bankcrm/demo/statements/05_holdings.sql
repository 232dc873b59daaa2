-- Who holds what: each customer is offered each slot of the catalogue; what a customer has is shared out by weight.
-- hid = customer × 32 + slot. Amounts in fen of the holding's currency.
-- The owners probe the offers, not the other way round, so that all threads take part.
SET disabled_optimizers = 'join_order,build_side_probe_side';
CREATE OR REPLACE TABLE holdings AS
WITH offered AS (
    SELECT w.n, w.kind, w.rank, w.wealth, w.front, w.opened_on AS since, w.leaves_on, w.growth, w.duplicate, w.own_no, o.slot, o.source,
        o.products, w.n * 32 + o.slot AS hid,
        CASE WHEN o.weight > 0 THEN o.weight * (0.4 + 1.2 * draw('weight', w.n * 32 + o.slot)) ELSE 0 END AS part
    FROM owners AS w JOIN offers AS o ON o.kind = w.kind
    WHERE draw('holds', w.n * 32 + o.slot) < o.base + o.extra * greatest(0, (w.rank - o.above) / (1 - o.above))
            + CASE WHEN w.kind = 'P' AND o.slot = 1 AND w.duplicate OR w.kind = 'P' AND o.slot = 20 AND NOT w.in_core
                OR w.kind = 'O' AND o.slot BETWEEN 16 AND 20 AND w.own_no = 1 THEN 1 ELSE 0 END
        AND (w.in_core OR o.source <> 'CORE')
        AND (w.kind = 'O' OR o.source <> 'LOAN' OR w.age BETWEEN 23 AND 60)
        AND (w.kind = 'O' OR o.source <> 'CARD' OR w.age >= 19)
        AND NOT (w.sole_trader AND o.slot IN (7, 8, 11, 12, 16, 17, 18, 19, 20))
), priced AS (
    SELECT *, draw_item('product', hid, products) AS product_id,
        wealth * part / nullif(sum(part) OVER (PARTITION BY n), 0) AS amount
    FROM offered
), detailed AS (
    SELECT h.* EXCLUDE (products, part), p.product_class, p.currency, p.rate, p.term_days, p.line AS product_line,
        coalesce(x.rate, 1.0) AS exchange,
        4500000 * pow(h.rank / (1 - h.rank), 0.32) AS income  -- of a year, in fen: nobody is lent what he cannot repay
    FROM priced AS h JOIN catalogue AS p USING (product_id) LEFT JOIN exchange AS x USING (currency)
), sized AS (
    SELECT *, CASE
        WHEN product_class IN ('time_deposit', 'structured_deposit', 'wealth', 'treasury_bond', 'trust', 'margin_deposit', 'insurance')
            THEN 100000 * CAST(round(amount / 100000) AS BIGINT)
        WHEN product_class = 'mortgage_loan' THEN 1000000 * CAST(least(25 + 130 * pow(draw('lent', hid), 1.6), greatest(15, income * 8 / 1000000)) AS BIGINT)
        WHEN product_class = 'consumer_loan' THEN 100000 * CAST(least(15 + 280 * pow(draw('lent', hid), 1.8), greatest(10, income / 100000)) AS BIGINT)
        WHEN product_class = 'business_loan' THEN 1000000 * CAST(10 + 190 * pow(draw('lent', hid), 1.8) AS BIGINT)
        WHEN product_class = 'working_capital_loan' THEN 10000000 * CAST(greatest(3, round(wealth * (0.3 + 1.5 * draw('lent', hid)) / 10000000)) AS BIGINT)
        WHEN product_class = 'project_loan' THEN 100000000 * CAST(greatest(5, round(wealth * (0.5 + 2 * draw('lent', hid)) / 100000000)) AS BIGINT)
        WHEN product_class = 'guarantee' THEN 1000000 * CAST(greatest(5, round(wealth * 0.2 * draw('lent', hid) / 1000000)) AS BIGINT)
        WHEN product_class IN ('acceptance', 'bill_discount', 'letter_of_credit', 'trade_loan')
            THEN 1000000 * CAST(greatest(10, round(wealth * (0.05 + 0.4 * draw('lent', hid)) / exchange / 1000000)) AS BIGINT)
        WHEN product_class = 'credit_card' THEN CASE WHEN product_id = 'C102' THEN 5000000 ELSE 1000000 END * CAST(1 + 4 * draw('lent', hid) AS BIGINT)
        WHEN product_class IN ('debit_card', 'payment_service') THEN 0
        ELSE CAST(amount / exchange AS BIGINT) END AS level,
        CASE WHEN product_class = 'mortgage_loan' THEN 3650 + 365 * draw_int('years', hid, 20)
             WHEN product_class = 'consumer_loan' THEN 365 * (1 + draw_int('years', hid, 3)) ELSE term_days END AS term
    FROM detailed
), opened AS (
    SELECT * EXCLUDE (term_days), CASE
        WHEN slot = 0 THEN since
        WHEN product_class = 'mortgage_loan' THEN greatest(since, DATE '2013-01-01') + CAST(draw('opened', hid)
            * greatest(getvariable('horizon_on') - greatest(since, DATE '2013-01-01'), 0) AS INTEGER)
        WHEN term IS NOT NULL THEN greatest(since, getvariable('horizon_on') - CAST(floor((term + 120) * draw('opened', hid)) AS INTEGER))
        ELSE since + CAST(pow(draw('opened', hid), 0.7) * (getvariable('horizon_on') - since) AS INTEGER) END AS opened_on
    FROM sized
    WHERE level > 0 AND (term IS NULL OR level >= 100000) OR product_class IN ('debit_card', 'payment_service') OR slot = 0
), ended AS (
    SELECT *, CASE WHEN term IS NOT NULL THEN opened_on + CAST(term AS INTEGER) END AS matures_on,
        CASE WHEN slot = 0 OR term IS NOT NULL OR leaves_on IS NOT NULL THEN NULL
             WHEN draw('closes', hid) < 0.035 AND opened_on < getvariable('start_on') - 30
             THEN getvariable('start_on') + 10 + draw_int('closes on', hid, getvariable('horizon_on') - getvariable('start_on') - 10)
        END AS given_up_on,
        CASE WHEN leaves_on IS NOT NULL AND slot <> 0 AND source IN ('CORE', 'WEALTH') AND opened_on < leaves_on
                  AND product_class NOT IN ('debit_card', 'payment_service') AND draw('redeems', hid) < 0.85
             THEN leaves_on + 5 + draw_int('redeems on', hid, 75) END AS redeemed_on
    FROM opened
)
SELECT hid, n, kind, slot, own_no, front, source, product_id, product_class, currency, rate, term, level, exchange, growth, leaves_on, rank,
    opened_on, matures_on, least(matures_on, given_up_on, redeemed_on) AS ends_on,
    CASE WHEN source = 'CORE' AND duplicate AND slot IN (1, 4) THEN 1 ELSE 0 END AS variant,
    CASE WHEN product_class IN ('time_deposit', 'structured_deposit', 'margin_deposit', 'wealth', 'treasury_bond', 'trust', 'insurance') THEN 'term'
         WHEN product_class IN ('mortgage_loan', 'consumer_loan') THEN 'instalments'
         WHEN product_class IN ('working_capital_loan', 'project_loan', 'business_loan', 'bill_discount', 'trade_loan') THEN 'bullet'
         WHEN product_class IN ('acceptance', 'letter_of_credit', 'guarantee') THEN 'contingent'
         WHEN product_class = 'credit_card' THEN 'card'
         WHEN product_class IN ('fund', 'precious_metal') THEN 'valued'
         WHEN product_class = 'securities_custody' THEN 'custody'
         WHEN product_class IN ('demand_deposit', 'notice_deposit') THEN 'demand' ELSE 'none' END AS pattern
FROM ended
ORDER BY hid;
RESET disabled_optimizers;
