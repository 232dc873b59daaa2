-- query: customer_interaction_counts
-- grain: one row for each kind of contact
-- inputs: src_interaction
-- months: src_interaction from_on to_on
-- How many contacts of each kind in a period, how many of them came late, and what the customer's ratings add up to.
SELECT
    interaction_kind,
    count(*) AS contacts,
    count(CASE WHEN NOT is_timely THEN 1 END) AS late,
    count(rating) AS rated,
    CAST(coalesce(sum(rating), 0) AS BIGINT) AS stars
FROM src_interaction
WHERE
    source_key IN (SELECT unnest(CAST($source_keys AS VARCHAR [])))
    AND happened_on BETWEEN CAST($from_on AS DATE) AND CAST($to_on AS DATE)
GROUP BY interaction_kind
ORDER BY interaction_kind
