-- Totals of every upload that states a period of these months and currencies, and its warnings of gaps. $1 org, $2 months, $3 currencies,
-- $4 uploads that have gaps, $5 the warnings of each, $6 their code
WITH affected AS (
    SELECT DISTINCT p.upload_id
    FROM reporting_periods p
    JOIN unnest($2::date[], $3::text[]) AS r (month, currency)
        ON p.currency = r.currency AND date_trunc('month', p.period_end)::date = r.month
    WHERE p.org_id = $1
),
sums AS (
    SELECT p.upload_id, p.currency, sum(p.quantity) AS quantity, sum(p.amount_local) AS amount_local,
        CASE WHEN NOT bool_or(p.amount_local IS NOT NULL AND p.amount_eur IS NULL) THEN sum(p.amount_eur) END AS amount_eur
    FROM reporting_periods p
    JOIN affected USING (upload_id)
    WHERE p.org_id = $1 AND p.cut = 'main'
    GROUP BY p.upload_id, p.currency
),
totals AS (
    SELECT upload_id,
        jsonb_agg(jsonb_build_object('currency', currency, 'quantity', quantity::text,
            'amount_local', amount_local::text, 'amount_eur', amount_eur::text) ORDER BY currency) AS totals
    FROM sums GROUP BY upload_id
)
UPDATE uploads u
SET totals = t.totals,
    warnings = coalesce(g.warnings, '[]') || coalesce(
        (SELECT jsonb_agg(w ORDER BY n) FROM jsonb_array_elements(u.warnings) WITH ORDINALITY AS ws (w, n)
         WHERE w ->> 'code' <> $6), '[]')
FROM totals t LEFT JOIN unnest($4::uuid[], $5::jsonb[]) AS g (upload_id, warnings) USING (upload_id)
WHERE u.org_id = $1 AND u.id = t.upload_id
