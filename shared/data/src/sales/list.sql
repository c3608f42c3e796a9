-- $1 org, $2 upload, $3 vendor, $4 from, $5 to, $6 channel, $7 store, $8 product, $9 line class, $10 after, $11 limit
SELECT id, upload_id, vendor, store, store_printed, store_kind, product_ean, product_match, vendor_product_code,
    product_name, period_start, period_end, sale_date, quantity, amount_local, derived IS NOT NULL AS amount_derived, currency,
    vat_included, amount_eur, rate AS fx_rate, rate_month AS fx_rate_month, rate_source AS fx_source, line_class,
    order_id, country, city, source_sheet, source_row, source_column
FROM sales
WHERE org_id = $1
    AND ($3::text IS NULL OR vendor = $3)
    AND ($4::date IS NULL OR counts_on >= $4)
    AND ($5::date IS NULL OR counts_on <= $5)
    AND ($6::text IS NULL OR channel = $6)
    AND ($7::text IS NULL OR store = $7)
    AND ($8::text IS NULL OR product_ean = $8)
    AND ($9::text IS NULL OR line_class = $9)
    AND ($10::uuid IS NULL OR id > $10)
