-- $1 org, $2 months, $3 currencies, $4 euro per unit, $5 sources; gives the vendors and days to sum up anew
WITH rates AS (
    SELECT * FROM unnest($2::date[], $3::text[], $4::numeric[], $5::text[]) AS r (month, currency, eur_per_unit, source)
),
entries AS (
    UPDATE sellout_entries e
    SET amount_eur = e.amount_local * r.eur_per_unit, rate = r.eur_per_unit, rate_month = r.month,
        rate_source = r.source
    FROM rates r
    WHERE e.org_id = $1 AND e.currency = r.currency AND date_trunc('month', e.period_end)::date = r.month
        AND e.amount_local IS NOT NULL AND (e.rate, e.rate_source) IS DISTINCT FROM (r.eur_per_unit, r.source)
    RETURNING e.vendor, e.counts_on
),
lines AS (
    UPDATE ecommerce_orders o
    SET amount_eur = o.amount_local * r.eur_per_unit, rate = r.eur_per_unit, rate_month = r.month,
        rate_source = r.source
    FROM rates r
    WHERE o.org_id = $1 AND o.currency = r.currency AND date_trunc('month', o.period_end)::date = r.month
        AND o.amount_local IS NOT NULL AND (o.rate, o.rate_source) IS DISTINCT FROM (r.eur_per_unit, r.source)
    RETURNING o.vendor, o.counts_on
),
statements AS (
    UPDATE reporting_periods p
    SET amount_eur = p.amount_local * r.eur_per_unit
    FROM rates r
    WHERE p.org_id = $1 AND p.currency = r.currency AND date_trunc('month', p.period_end)::date = r.month
        AND p.amount_local IS NOT NULL
)
SELECT vendor, counts_on FROM entries
UNION
SELECT vendor, counts_on FROM lines
