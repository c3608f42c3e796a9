-- Of the statements about each period that the upload states, the latest that is not undone counts; of a file
-- that was read again, only what its last reading says.
-- Increments replace nothing: each counts until it is undone. $1 org, $2 upload, $3 vendor
WITH settled AS MATERIALIZED (
    SELECT said.upload_id, said.reading, said.cut, said.period_start, said.period_end, said.currency,
        u.status <> 'undone' AND said.reading = u.reading AND (
            said.document_kind = 'increment'
            OR said.upload_id = first_value(said.upload_id) OVER (
                PARTITION BY said.cut, said.period_start, said.period_end
                ORDER BY said.document_kind = 'increment', u.status = 'undone' OR said.reading <> u.reading,
                    said.stated_at DESC, said.upload_id DESC
            )
        ) AS active
    FROM reporting_periods said
    JOIN uploads u ON u.id = said.upload_id
    WHERE said.org_id = $1 AND said.vendor = $3
        AND (said.cut, said.period_start, said.period_end) IN (
            SELECT cut, period_start, period_end FROM reporting_periods WHERE org_id = $1 AND upload_id = $2
        )
)
UPDATE reporting_periods AS said
SET active = settled.active
FROM settled
WHERE said.org_id = $1 AND said.upload_id = settled.upload_id
    AND said.reading = settled.reading AND said.cut = settled.cut
    AND said.period_start = settled.period_start AND said.period_end = settled.period_end
    AND said.currency = settled.currency AND said.active <> settled.active
