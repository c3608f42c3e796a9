-- Rows of the new versions that the ones before do not have. $1 org, $2 upload, $3 vendor, $4 reading
INSERT INTO sellout_entries (id, org_id, upload_id, reading, vendor, cut, period_start, period_end, sale_date, store, store_id,
    store_kind, product_ean, product_match, printed_ean, product_codes, vendor_product_code, product_name, quantity,
    amount_local, derived, currency, vat_included, amount_eur, rate, rate_month, rate_source, line_class,
    country, city, order_id, source_sheet, source_row, source_column, key_hash, content_hash, since_version, active)
SELECT s.id, $1, $2, $4, $3, writing.cut, writing.period_start, writing.period_end, s.sale_date, s.store, stores.store_id,
    s.store_kind, s.product_ean, s.product_match, s.printed_ean, s.product_codes, s.vendor_product_code, s.product_name,
    s.quantity, s.amount_local, s.derived, s.currency, s.vat_included, s.amount_eur, s.rate, s.rate_month, s.rate_source,
    s.line_class, s.country, s.city, s.order_id, s.source_sheet, s.source_row, s.source_column,
    s.key_hash, s.content_hash, writing.version, writing.active
FROM pg_temp.staged s
JOIN (
    SELECT statement, cut, period_start, period_end, version, base, version IS NOT DISTINCT FROM counts AS active
    FROM pg_temp.statements LEFT JOIN pg_temp.moves USING (cut, period_start, period_end)
    WHERE base IS NOT NULL
) AS writing USING (statement)
LEFT JOIN pg_temp.staged_stores stores ON stores.store = s.store
