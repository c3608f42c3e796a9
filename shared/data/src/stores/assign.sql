-- Rows that print a spelling belong to its store. $1 org, $2 vendor, $3 spellings as printed, $4 store or NULL
WITH entries AS (
    UPDATE sellout_entries SET store_id = $4
    WHERE org_id = $1 AND vendor = $2 AND store = ANY ($3) AND store_id IS DISTINCT FROM $4
    RETURNING counts_on
),
lines AS (
    UPDATE ecommerce_orders SET store_id = $4
    WHERE org_id = $1 AND vendor = $2 AND store = ANY ($3) AND store_id IS DISTINCT FROM $4
    RETURNING counts_on
)
SELECT counts_on, count(*) FROM (SELECT * FROM entries UNION ALL SELECT * FROM lines) AS rows GROUP BY counts_on
