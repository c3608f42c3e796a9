-- Spellings that no store has. $1 org, $2 vendor or NULL
SELECT vendor, store AS spelling, (array_agg(store_kind))[1] AS kind, count(*) AS rows, min(period_start) AS first_day,
    max(period_end) AS last_day
FROM (
    SELECT vendor, store, store_kind, period_start, period_end FROM sellout_entries
    WHERE org_id = $1 AND active AND store_id IS NULL AND store IS NOT NULL AND ($2::text IS NULL OR vendor = $2)
    UNION ALL
    SELECT vendor, store, store_kind, period_start, period_end FROM ecommerce_orders
    WHERE org_id = $1 AND active AND store_id IS NULL AND store IS NOT NULL AND ($2::text IS NULL OR vendor = $2)
) AS rows
GROUP BY vendor, store
ORDER BY vendor, store
LIMIT 10000
