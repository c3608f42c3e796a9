-- $1 org, $2 upload, $3 vendor, $4 stated_at, $5 document kind, $6 cuts, $7 starts, $8 ends, $9 currencies, $10 reading
WITH stated AS (
    SELECT * FROM unnest($6::text[], $7::date[], $8::date[], $9::text[]) AS t (cut, period_start, period_end, currency)
    UNION
    SELECT cut, period_start, period_end, currency FROM pg_temp.staged
),
sums AS (
    SELECT cut, period_start, period_end, currency, count(*) AS records, sum(quantity) AS quantity,
        sum(amount_local) AS amount_local,
        -- A missing rate leaves a gap, not a smaller sum.
        CASE WHEN NOT bool_or(amount_local IS NOT NULL AND amount_eur IS NULL) THEN sum(amount_eur) END AS amount_eur
    FROM pg_temp.staged
    GROUP BY cut, period_start, period_end, currency
),
contents AS (
    SELECT cut, period_start, period_end, sha256(string_agg(content_hash, '' ORDER BY content_hash)) AS content_hash
    FROM pg_temp.staged
    GROUP BY cut, period_start, period_end
)
INSERT INTO reporting_periods (org_id, upload_id, reading, vendor, cut, period_start, period_end, currency,
    rows_upload_id, rows_reading, stated_at, document_kind, content_hash, records, quantity, amount_local, amount_eur, change, active)
SELECT $1, $2, $10, $3, cut, period_start, period_end, currency, $2, $10, $4, $5,
    coalesce(contents.content_hash, ''), coalesce(sums.records, 0), coalesce(sums.quantity, 0), sums.amount_local,
    sums.amount_eur, 'new', false
FROM stated
LEFT JOIN sums USING (cut, period_start, period_end, currency)
LEFT JOIN contents USING (cut, period_start, period_end)
