-- Rows of the statements that do not share another upload's rows. $1 org, $2 upload, $3 vendor, $4 reading
INSERT INTO sellout_entries (org_id, upload_id, reading, vendor, cut, period_start, period_end, sale_date, store, store_id,
    store_kind,    product_ean, product_match, printed_ean, product_codes, vendor_product_code, product_name, quantity,
    amount_local, derived, currency, vat_included, amount_eur, rate, rate_month, rate_source, line_class,
    country, city, order_id, source_sheet, source_row, source_column, key_hash, content_hash, active)
SELECT $1, $2, $4, $3, s.cut, s.period_start, s.period_end, s.sale_date, s.store, stores.store_id, s.store_kind, s.product_ean,
    s.product_match, s.printed_ean, s.product_codes, s.vendor_product_code, s.product_name, s.quantity,
    s.amount_local, s.derived, s.currency, s.vat_included, s.amount_eur, s.rate, s.rate_month, s.rate_source,
    s.line_class, s.country, s.city, s.order_id, s.source_sheet, s.source_row, s.source_column,
    s.key_hash, s.content_hash, said.active
FROM pg_temp.staged s
LEFT JOIN pg_temp.staged_stores stores ON stores.store = s.store
JOIN (
    SELECT DISTINCT cut, period_start, period_end, active FROM reporting_periods
    WHERE org_id = $1 AND upload_id = $2 AND reading = $4 AND (rows_upload_id, rows_reading) = ($2, $4)
) AS said USING (cut, period_start, period_end)
