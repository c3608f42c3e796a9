-- Rows count exactly when a statement that counts says them. $1 org, $2 upload, $3 vendor
WITH keys AS (
    SELECT DISTINCT cut, period_start, period_end FROM reporting_periods WHERE org_id = $1 AND upload_id = $2
),
flipped AS (
    UPDATE sellout_entries e
    SET active = NOT e.active
    FROM keys
    WHERE e.org_id = $1 AND e.vendor = $3 AND e.cut = keys.cut AND e.period_start = keys.period_start
        AND e.period_end = keys.period_end
        AND e.active <> EXISTS (
            SELECT FROM reporting_periods said
            WHERE said.org_id = $1 AND said.vendor = $3 AND said.cut = e.cut AND said.period_start = e.period_start
                AND said.period_end = e.period_end AND said.active AND said.rows_upload_id = e.upload_id
                AND said.rows_reading = e.reading AND said.document_kind <> 'increment'
        )
    RETURNING e.cut, e.counts_on, e.content_hash, e.active
),
net AS (
    SELECT count(*) FILTER (WHERE active) - count(*) FILTER (WHERE NOT active) AS gained
    FROM flipped WHERE cut = 'main' GROUP BY content_hash
)
SELECT coalesce((SELECT array_agg(DISTINCT counts_on) FROM flipped WHERE cut = 'main'), '{}') AS dates,
    coalesce((SELECT sum(-gained) FROM net WHERE gained < 0), 0)::bigint AS removed,
    coalesce((SELECT sum(gained) FROM net WHERE gained > 0), 0)::bigint AS restored
