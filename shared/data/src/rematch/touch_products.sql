-- Rows whose class or value may follow from something that changed. $1 org, $2 EANs of another kind, $3 EANs of another
-- price, $4 months and $5 currencies of another rate
INSERT INTO pg_temp.touched (id, ean, match)
WITH doubtful AS (
    -- Articles that may have been given away: price and euro amount tell.
    SELECT DISTINCT price.ean FROM product_prices price
    LEFT JOIN products p ON p.org_id = price.org_id AND p.ean = price.ean
    WHERE price.org_id = $1 AND (p.ean IS NULL OR p.kind IN ('sample', 'advent'))
)
SELECT r.id, r.product_ean, r.product_match
FROM {rows} r
LEFT JOIN doubtful ON doubtful.ean = r.product_ean
WHERE r.org_id = $1 AND (
    r.product_ean = ANY ($2)
    OR r.product_ean = ANY ($3) AND (r.derived IS NOT NULL OR doubtful.ean IS NOT NULL)
    OR doubtful.ean IS NOT NULL AND (date_trunc('month', r.period_end)::date, r.currency) IN (
        SELECT * FROM unnest($4::date[], $5::text[])
    )
)
ON CONFLICT DO NOTHING
