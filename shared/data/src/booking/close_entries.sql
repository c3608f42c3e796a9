-- Rows that the new versions do not have any more. $1 org, $2 vendor
WITH surplus AS (
    SELECT e.id, s.version, -d.surplus AS closing,
        row_number() OVER (PARTITION BY d.statement, d.content_hash ORDER BY e.id DESC) AS n
    FROM pg_temp.differing d
    JOIN pg_temp.statements s USING (statement)
    JOIN sellout_entries e USING (cut, period_start, period_end, content_hash)
    WHERE d.surplus < 0 AND e.org_id = $1 AND e.vendor = $2 AND e.until_version IS NULL
)
UPDATE sellout_entries e
SET until_version = surplus.version
FROM surplus
WHERE e.org_id = $1 AND e.id = surplus.id AND n <= closing
