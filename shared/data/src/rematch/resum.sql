-- Sums of the statements whose derived amounts changed. $1 org, $2 uploads whose rows they are
WITH sums AS (
    SELECT upload_id, reading, cut, period_start, period_end, currency, sum(amount_local) AS amount_local,
        CASE WHEN NOT bool_or(amount_local IS NOT NULL AND amount_eur IS NULL) THEN sum(amount_eur) END AS amount_eur
    FROM (
        SELECT upload_id, reading, cut, period_start, period_end, currency, amount_local, amount_eur
        FROM sellout_entries WHERE org_id = $1 AND upload_id = ANY ($2)
        UNION ALL
        SELECT upload_id, reading, 'main', period_start, period_end, currency, amount_local, amount_eur
        FROM ecommerce_orders WHERE org_id = $1 AND upload_id = ANY ($2)
    ) AS rows
    GROUP BY upload_id, reading, cut, period_start, period_end, currency
)
UPDATE reporting_periods said
SET amount_local = sums.amount_local, amount_eur = sums.amount_eur
FROM sums
WHERE said.org_id = $1 AND said.rows_upload_id = sums.upload_id AND said.rows_reading = sums.reading
    AND said.cut = sums.cut AND said.period_start = sums.period_start AND said.period_end = sums.period_end
    AND said.currency = sums.currency
RETURNING said.upload_id
