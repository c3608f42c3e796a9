-- $1 org, $2 upload, $3 vendor, $4 reading
INSERT INTO ecommerce_orders (org_id, upload_id, reading, vendor, line_key, order_id, period_start, period_end, sale_date,
    store, store_kind, product_ean, product_match, printed_ean, product_codes, vendor_product_code, product_name,
    quantity, amount_local, derived, currency, vat_included, amount_eur, rate, rate_month, rate_source,
    line_class, is_gift, cost_of_goods, payment_fee, country, city, utm_source, utm_medium,
    utm_campaign, device, source_sheet, source_row, source_column, key_hash, content_hash, active)
SELECT $1, $2, $4, $3, line_key, order_id, period_start, period_end, sale_date, store, store_kind, product_ean,
    product_match, printed_ean, product_codes, vendor_product_code, product_name, quantity, amount_local,
    derived, currency, vat_included, amount_eur, rate, rate_month, rate_source, line_class,
    is_gift, cost_of_goods, payment_fee, country, city, utm_source, utm_medium, utm_campaign, device, source_sheet,
    source_row, source_column, key_hash, content_hash,
    line_key NOT IN (
        SELECT o.line_key FROM ecommerce_orders o
        JOIN uploads newer ON newer.id = o.upload_id
        JOIN uploads this ON this.id = $2
        WHERE o.org_id = $1 AND o.vendor = $3 AND o.active
            AND (newer.stated_at, newer.id) > (this.stated_at, this.id)
            AND o.line_key IN (SELECT line_key FROM pg_temp.staged)
    )
FROM pg_temp.staged
