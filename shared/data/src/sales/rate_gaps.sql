-- By upload that states a period of these months and currencies: currencies without a rate, and in which months. $1 org, $2 months,
-- $3 currencies
WITH affected AS (
    SELECT DISTINCT p.upload_id
    FROM reporting_periods p
    JOIN unnest($2::date[], $3::text[]) AS r (month, currency)
        ON p.currency = r.currency AND date_trunc('month', p.period_end)::date = r.month
    WHERE p.org_id = $1
)
SELECT p.upload_id, p.currency, array_agg(DISTINCT to_char(p.period_end, 'YYYY-MM')) AS months
FROM reporting_periods p
JOIN affected USING (upload_id)
WHERE p.org_id = $1 AND p.cut = 'main' AND p.amount_local IS NOT NULL AND p.amount_eur IS NULL
GROUP BY p.upload_id, p.currency
ORDER BY p.upload_id, p.currency
