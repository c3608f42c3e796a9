-- Sums of the statements whose derived amounts changed. $1 org; $2 vendors, $3 starts and $4 ends of the periods
WITH revalued AS (
    SELECT * FROM unnest($2::text[], $3::date[], $4::date[]) AS t (vendor, period_start, period_end)
),
rows AS (
    SELECT said.upload_id, said.reading, said.cut, period_start, period_end, said.currency, e.amount_local, e.amount_eur
    FROM revalued
    JOIN reporting_periods said USING (vendor, period_start, period_end)
    JOIN sellout_entries e USING (org_id, vendor, cut, period_start, period_end, currency)
    WHERE org_id = $1 AND e.since_version <= said.version
        AND (e.until_version IS NULL OR e.until_version > said.version)
    UNION ALL
    SELECT upload_id, reading, said.cut, period_start, period_end, currency, o.amount_local, o.amount_eur
    FROM revalued
    JOIN reporting_periods said USING (vendor, period_start, period_end)
    JOIN ecommerce_orders o USING (org_id, vendor, upload_id, reading, period_start, period_end, currency)
    WHERE org_id = $1 AND said.version IS NULL
),
sums AS (
    SELECT upload_id, reading, cut, period_start, period_end, currency, sum(amount_local) AS amount_local,
        CASE WHEN NOT bool_or(amount_local IS NOT NULL AND amount_eur IS NULL) THEN sum(amount_eur) END AS amount_eur
    FROM rows
    GROUP BY upload_id, reading, cut, period_start, period_end, currency
)
UPDATE reporting_periods said
SET amount_local = sums.amount_local, amount_eur = sums.amount_eur
FROM sums
WHERE said.org_id = $1 AND said.upload_id = sums.upload_id AND said.reading = sums.reading
    AND said.cut = sums.cut AND said.period_start = sums.period_start AND said.period_end = sums.period_end
    AND said.currency = sums.currency
RETURNING said.upload_id
