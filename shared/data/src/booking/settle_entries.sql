
-- Rows count exactly when the version that counts has them. $1 org, $2 vendor
moving AS (
    UPDATE sellout_entries e
    SET active = NOT e.active
    FROM pg_temp.moves m
    WHERE e.org_id = $1 AND e.vendor = $2 AND e.cut = m.cut AND e.period_start = m.period_start
        AND e.period_end = m.period_end AND m.counted IS DISTINCT FROM m.counts
        AND e.active <> (
            m.counts IS NOT NULL AND e.since_version <= m.counts
            AND (e.until_version IS NULL OR e.until_version > m.counts)
        )
    RETURNING e.*
)
