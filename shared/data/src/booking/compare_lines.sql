-- Before the lines are inserted: what an increment does to each of its periods.
-- $1 org, $2 upload, $3 vendor, $4 stated_at, $5 reading
WITH known AS (
    SELECT o.line_key, o.period_start, o.period_end, o.content_hash, (u.stated_at, u.id) > ($4, $2) AS newer
    FROM ecommerce_orders o JOIN uploads u ON u.id = o.upload_id
    WHERE o.org_id = $1 AND o.vendor = $3 AND o.active
        AND o.line_key IN (SELECT line_key FROM pg_temp.staged_rows)
),
touched AS (
    SELECT period_start, period_end FROM (
        SELECT period_start, period_end, content_hash, count(*) FROM pg_temp.staged_rows
        WHERE line_key NOT IN (SELECT line_key FROM known WHERE newer)
        GROUP BY 1, 2, 3
        EXCEPT
        SELECT period_start, period_end, content_hash, count(*) FROM known WHERE NOT newer GROUP BY 1, 2, 3
    ) AS differing
)
UPDATE reporting_periods AS said
SET change = CASE
    WHEN (said.period_start, said.period_end) IN (SELECT period_start, period_end FROM touched) THEN 'changed'
    ELSE 'unchanged'
END
FROM reporting_periods AS before
WHERE said.org_id = $1 AND said.upload_id = $2 AND said.reading = $5
    AND before.org_id = $1 AND before.vendor = $3 AND before.cut = said.cut AND before.active
    AND (before.upload_id, before.reading) <> ($2, $5)
    AND before.period_start = said.period_start AND before.period_end = said.period_end
