-- Contents that the new versions have more (or less) often than the newest ones before. $1 org, $2 vendor
INSERT INTO pg_temp.differing (statement, content_hash, surplus)
SELECT statement, content_hash, sum(n)
FROM (
    SELECT statement, content_hash, 1 AS n
    FROM pg_temp.staged JOIN pg_temp.statements USING (statement)
    WHERE base > 0
    UNION ALL
    SELECT s.statement, e.content_hash, -1
    FROM pg_temp.statements s
    JOIN sellout_entries e USING (cut, period_start, period_end)
    WHERE s.base > 0 AND e.org_id = $1 AND e.vendor = $2 AND e.until_version IS NULL
) AS both_sides
GROUP BY statement, content_hash
HAVING sum(n) <> 0
