-- Of the versions of each order line that the upload has, the latest that is neither undone nor of a former reading counts.
-- $1 org, $2 upload, $3 vendor
WITH winners AS (
    SELECT DISTINCT ON (o.line_key) o.line_key, o.reading,
        CASE WHEN u.status <> 'undone' AND o.reading = u.reading THEN u.id END AS upload_id
    FROM ecommerce_orders o
    JOIN uploads u ON u.id = o.upload_id
    WHERE o.org_id = $1 AND o.vendor = $3
        AND o.line_key IN (SELECT line_key FROM ecommerce_orders WHERE org_id = $1 AND upload_id = $2)
    ORDER BY o.line_key, u.status = 'undone' OR o.reading <> u.reading, u.stated_at DESC, u.id DESC
),
flipped AS (
    UPDATE ecommerce_orders o
    SET active = NOT o.active
    FROM winners
    WHERE o.org_id = $1 AND o.vendor = $3 AND o.line_key = winners.line_key
        AND o.active <> ((o.upload_id, o.reading) IS NOT DISTINCT FROM (winners.upload_id, winners.reading))
    RETURNING o.counts_on, o.content_hash, o.active
),
net AS (
    SELECT count(*) FILTER (WHERE active) - count(*) FILTER (WHERE NOT active) AS gained
    FROM flipped GROUP BY content_hash
)
SELECT coalesce((SELECT array_agg(DISTINCT counts_on) FROM flipped), '{}') AS dates,
    coalesce((SELECT sum(-gained) FROM net WHERE gained < 0), 0)::bigint AS removed,
    coalesce((SELECT sum(gained) FROM net WHERE gained > 0), 0)::bigint AS restored
