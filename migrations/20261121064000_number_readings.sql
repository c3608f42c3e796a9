-- A booked file can be read again: with another alias, price or profile it may say something else. Its readings are
-- numbered. Only the last one states anything; rows of former readings stay where another upload shares them, and as history.
ALTER TABLE uploads ADD COLUMN reading integer NOT NULL DEFAULT 1;
ALTER TABLE reporting_periods
    ADD COLUMN reading integer NOT NULL DEFAULT 1,
    -- Of the upload whose rows say it.
    ADD COLUMN rows_reading integer NOT NULL DEFAULT 1;
ALTER TABLE reporting_periods DROP CONSTRAINT reporting_periods_pkey;
ALTER TABLE reporting_periods
    ADD PRIMARY KEY (org_id, upload_id, reading, cut, period_start, period_end, currency);
GRANT DELETE ON reporting_periods TO shelfline_app;
ALTER TABLE sellout_entries ADD COLUMN reading integer NOT NULL DEFAULT 1;
ALTER TABLE ecommerce_orders ADD COLUMN reading integer NOT NULL DEFAULT 1;

CREATE OR REPLACE VIEW sales WITH (security_invoker = true) AS
SELECT id, org_id, upload_id, vendor, period_start, period_end, sale_date, counts_on, store, store_kind, product_ean,
    vendor_product_code, product_name, quantity, amount_local, currency, vat_included, amount_eur, line_class, order_id,
    country, city, source_sheet, source_row, source_column, content_hash, product_match, derived, rate, rate_month,
    rate_source, reading
FROM sellout_entries WHERE active AND cut = 'main'
UNION ALL
SELECT id, org_id, upload_id, vendor, period_start, period_end, sale_date, counts_on, store, store_kind, product_ean,
    vendor_product_code, product_name, quantity, amount_local, currency, vat_included, amount_eur, line_class, order_id,
    country, city, source_sheet, source_row, source_column, content_hash, product_match, derived, rate, rate_month,
    rate_source, reading
FROM ecommerce_orders WHERE active;
