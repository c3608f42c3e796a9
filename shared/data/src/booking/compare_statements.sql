-- Before settling: against the statements that count now. $1 org, $2 upload, $3 vendor, $4 reading
WITH counting AS (
    SELECT DISTINCT cut, period_start, period_end, upload_id, version, stated_at
    FROM reporting_periods
    WHERE org_id = $1 AND vendor = $3 AND active AND (upload_id, reading) <> ($2, $4)
        AND document_kind <> 'increment'
)
UPDATE reporting_periods AS said
SET change = CASE
        -- Equal, or older than what counts: the books stay as they are.
        WHEN said.version = counting.version
            OR (said.stated_at, said.upload_id) < (counting.stated_at, counting.upload_id) THEN 'unchanged'
        ELSE 'changed'
    END,
    replaced_version = counting.version,
    late = (said.stated_at, said.upload_id) < (counting.stated_at, counting.upload_id)
FROM counting
WHERE said.org_id = $1 AND said.upload_id = $2 AND said.reading = $4 AND said.cut = counting.cut
    AND said.period_start = counting.period_start AND said.period_end = counting.period_end
