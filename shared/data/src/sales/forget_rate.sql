-- $1 org, $2 month, $3 currency; gives the vendors and days to sum up anew
WITH entries AS (
    UPDATE sellout_entries
    SET amount_eur = NULL, rate = NULL, rate_month = NULL, rate_source = NULL
    WHERE org_id = $1 AND currency = $3 AND date_trunc('month', period_end)::date = $2 AND rate IS NOT NULL
    RETURNING vendor, counts_on
),
lines AS (
    UPDATE ecommerce_orders
    SET amount_eur = NULL, rate = NULL, rate_month = NULL, rate_source = NULL
    WHERE org_id = $1 AND currency = $3 AND date_trunc('month', period_end)::date = $2 AND rate IS NOT NULL
    RETURNING vendor, counts_on
),
statements AS (
    UPDATE reporting_periods SET amount_eur = NULL
    WHERE org_id = $1 AND currency = $3 AND date_trunc('month', period_end)::date = $2 AND amount_local IS NOT NULL
)
SELECT vendor, counts_on FROM entries
UNION
SELECT vendor, counts_on FROM lines
