-- query: customer_interactions
-- grain: one row for each contact, newest first, at most `limit`
-- inputs: src_interaction
-- months: src_interaction from_on to_on
-- Of the source customers `source_keys`; of these, of one kind (NULL: all). The next page: `before_on` and `before_key`
-- are happened_on and page_key of the last row shown.
WITH chosen AS (
    SELECT
        *,
        coalesce(strftime(happened_at, '%H:%M:%S'), '00:00:00') || ' ' || source_key || ' ' || interaction_id AS page_key
    FROM src_interaction
    WHERE
        source_key IN (SELECT unnest(CAST($source_keys AS VARCHAR [])))
        AND happened_on BETWEEN CAST($from_on AS DATE) AND CAST($to_on AS DATE)
        AND (CAST($kind AS VARCHAR) IS NULL OR interaction_kind = CAST($kind AS VARCHAR))
)

SELECT *
FROM chosen
WHERE
    CAST($before_on AS DATE) IS NULL
    OR happened_on < CAST($before_on AS DATE)
    OR (happened_on = CAST($before_on AS DATE) AND page_key < CAST($before_key AS VARCHAR))
ORDER BY happened_on DESC, page_key DESC
LIMIT $limit
