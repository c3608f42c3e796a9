-- $1 org, $2 upload, $3 vendor, $4 stated_at, $5 document kind, $6 cuts, $7 starts, $8 ends, $9 currencies, $10 reading
WITH sums AS (
    SELECT statement, currency, count(*) AS records, sum(quantity) AS quantity, sum(amount_local) AS amount_local,
        -- A missing rate leaves a gap, not a smaller sum.
        CASE WHEN NOT bool_or(amount_local IS NOT NULL AND amount_eur IS NULL) THEN sum(amount_eur) END AS amount_eur
    FROM pg_temp.staged
    GROUP BY statement, currency
),
stated AS (
    SELECT statement, currency
    FROM unnest($6::text[], $7::date[], $8::date[], $9::text[]) AS t (cut, period_start, period_end, currency)
    JOIN pg_temp.statements USING (cut, period_start, period_end)
    UNION
    SELECT statement, currency FROM sums
)
INSERT INTO reporting_periods (org_id, upload_id, reading, vendor, cut, period_start, period_end, currency, version,
    stated_at, document_kind, records, quantity, amount_local, amount_eur, change, active)
SELECT $1, $2, $10, $3, cut, period_start, period_end, currency, CASE WHEN $5 <> 'increment' THEN version END, $4, $5,
    coalesce(sums.records, 0), coalesce(sums.quantity, 0), sums.amount_local, sums.amount_eur, 'new', false
FROM stated
JOIN pg_temp.statements USING (statement)
LEFT JOIN sums USING (statement, currency)
