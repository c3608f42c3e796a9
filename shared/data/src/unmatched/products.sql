-- Rows that wait for a product, by what they print. $1 org, $2 vendor or NULL, $3 rows, $4 vendor, $5 code and $6 name of
-- the last one seen or NULL, $7 limit
WITH waiting AS (
    SELECT vendor, cut, coalesce(vendor_product_code, product_codes[1], printed_ean, '') AS code,
        coalesce(product_name, '') AS name, id, upload_id, period_start, period_end, quantity, amount_local, currency
    FROM sellout_entries
    WHERE org_id = $1 AND active AND product_match IS NULL AND ($2::text IS NULL OR vendor = $2)
    UNION ALL
    SELECT vendor, 'main', coalesce(vendor_product_code, product_codes[1], printed_ean, ''), coalesce(product_name, ''),
        id, upload_id, period_start, period_end, quantity, amount_local, currency
    FROM ecommerce_orders
    WHERE org_id = $1 AND active AND product_match IS NULL AND ($2::text IS NULL OR vendor = $2)
),
by_currency AS (
    SELECT vendor, cut, code, name, currency, count(*) AS rows, sum(quantity) AS quantity,
        sum(amount_local) AS amount_local, min(period_start) AS first_day, max(period_end) AS last_day,
        array_agg(DISTINCT upload_id) AS uploads, (array_agg(id ORDER BY id))[1] AS sample
    FROM waiting
    WHERE code <> '' OR name <> ''
    GROUP BY vendor, cut, code, name, currency
),
by_cut AS (
    SELECT vendor, cut, code, name, sum(rows)::bigint AS rows, sum(quantity) AS quantity,
        jsonb_agg(jsonb_build_object('currency', currency, 'amount_local', amount_local::text) ORDER BY currency)
            FILTER (WHERE amount_local IS NOT NULL) AS amounts,
        min(first_day) AS first_day, max(last_day) AS last_day, jsonb_agg(to_jsonb(uploads)) AS uploads,
        (array_agg(sample ORDER BY sample))[1] AS sample
    FROM by_currency
    GROUP BY vendor, cut, code, name
),
-- Cuts are views of the same sales: one of them tells how many, the one that counts if it has any.
groups AS (
    SELECT DISTINCT ON (vendor, code, name) * FROM by_cut ORDER BY vendor, code, name, cut <> 'main', cut
),
page AS (
    SELECT * FROM groups
    WHERE $3::bigint IS NULL OR (-rows, vendor, code, name) > (-$3, $4, $5, $6)
    ORDER BY rows DESC, vendor, code, name
    LIMIT $7
)
SELECT page.vendor, nullif(code, '') AS code, nullif(name, '') AS name, cut, rows, quantity,
    coalesce(amounts, '[]') AS amounts, first_day, last_day, uploads, source.*
FROM page, LATERAL (
    SELECT upload_id, source_sheet, source_row, source_column, printed_ean, product_codes
    FROM sellout_entries WHERE org_id = $1 AND id = page.sample
    UNION ALL
    SELECT upload_id, source_sheet, source_row, source_column, printed_ean, product_codes
    FROM ecommerce_orders WHERE org_id = $1 AND id = page.sample
) AS source
ORDER BY rows DESC, page.vendor, code, name
