-- Gives each statement of the document its version: one that was stated before, or the next. $1 org, $2 vendor
WITH numbered AS (
    SELECT s.statement, max(v.version) FILTER (WHERE v.content_hash = s.statement_hash) AS known,
        coalesce(max(v.version), 0) AS newest
    FROM pg_temp.statements s
    LEFT JOIN period_versions v ON v.org_id = $1 AND v.vendor = $2 AND v.cut = s.cut
        AND v.period_start = s.period_start AND v.period_end = s.period_end
    GROUP BY s.statement
),
added AS (
    INSERT INTO period_versions (org_id, vendor, cut, period_start, period_end, version, content_hash)
    SELECT $1, $2, cut, period_start, period_end, newest + 1, statement_hash
    FROM numbered JOIN pg_temp.statements USING (statement) WHERE known IS NULL
)
UPDATE pg_temp.statements s
SET version = coalesce(known, newest + 1), base = CASE WHEN known IS NULL THEN newest END
FROM numbered WHERE numbered.statement = s.statement
RETURNING s.base
