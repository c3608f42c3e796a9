-- $1 org, $2 upload, $3 vendor, $4 reading
WITH known AS (
    SELECT DISTINCT o.line_key, o.upload_id, o.reading,
        (counting.stated_at, counting.id) > (this.stated_at, this.id) AS newer
    FROM ecommerce_orders o
    JOIN uploads counting ON counting.id = o.upload_id
    JOIN uploads this ON this.id = $2
    WHERE o.org_id = $1 AND o.vendor = $3 AND o.active AND o.upload_id <> $2
        AND o.line_key IN (SELECT line_key FROM pg_temp.staged_rows)
),
-- A line that is read again replaces what it replaced when it first came.
former AS (
    SELECT DISTINCT ON (line_key) line_key, replaced_upload_id, replaced_reading, late FROM ecommerce_orders
    WHERE org_id = $1 AND upload_id = $2 ORDER BY line_key, reading DESC
)
INSERT INTO ecommerce_orders (id, org_id, upload_id, reading, vendor, line_key, order_id, period_start, period_end, sale_date,
    store, store_id, store_kind, product_ean, product_match, printed_ean, product_codes, vendor_product_code, product_name,
    quantity, amount_local, derived, currency, vat_included, amount_eur, rate, rate_month, rate_source,
    line_class, is_gift, country, city, utm_source, utm_medium,
    utm_campaign, device, buyer, source_sheet, source_row, source_column, key_hash, content_hash, active, late,
    replaced_upload_id, replaced_reading)
SELECT id, $1, $2, $4, $3, line_key, order_id, period_start, period_end, sale_date, store, store_id, store_kind, product_ean,
    product_match, printed_ean, product_codes, vendor_product_code, product_name, quantity, amount_local,
    derived, currency, vat_included, amount_eur, rate, rate_month, rate_source, line_class,
    is_gift, country, city, utm_source, utm_medium, utm_campaign, device, buyer, source_sheet,
    source_row, source_column, key_hash, content_hash, known.newer IS NOT TRUE,
    coalesce(former.late, known.newer IS TRUE),
    CASE WHEN former.line_key IS NULL THEN known.upload_id ELSE former.replaced_upload_id END,
    CASE WHEN former.line_key IS NULL THEN known.reading ELSE former.replaced_reading END
FROM pg_temp.staged_rows
LEFT JOIN known USING (line_key)
LEFT JOIN former USING (line_key)
LEFT JOIN pg_temp.staged_stores USING (store)
