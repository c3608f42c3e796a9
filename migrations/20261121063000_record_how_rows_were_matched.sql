-- What a row prints about its product, so that a later match gives exactly what reading the file again would give.
-- Rows of before were matched for good: nothing says how. The wall hides rows from their owner too: it is lowered for
-- the length of the update, which nobody else sees.
ALTER TABLE sellout_entries
    ADD COLUMN product_match text CHECK (product_match IN ('printed', 'alias', 'sku', 'name', 'ignored')),
    -- Where it is not product_ean.
    ADD COLUMN printed_ean text,
    -- Where they are not just vendor_product_code.
    ADD COLUMN product_codes text[],
    -- What is quantity x list price, because the file has units only: amount_local with amount_eur, or amount_eur alone.
    -- Empty while no price is known.
    ADD COLUMN derived text CHECK (derived IN ('amount', 'euro'));
ALTER TABLE sellout_entries NO FORCE ROW LEVEL SECURITY;
UPDATE sellout_entries SET product_match = 'printed' WHERE product_ean IS NOT NULL;
ALTER TABLE sellout_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE ecommerce_orders
    ADD COLUMN product_match text CHECK (product_match IN ('printed', 'alias', 'sku', 'name', 'ignored')),
    ADD COLUMN printed_ean text,
    ADD COLUMN product_codes text[],
    ADD COLUMN derived text CHECK (derived IN ('amount', 'euro'));
ALTER TABLE ecommerce_orders NO FORCE ROW LEVEL SECURITY;
UPDATE ecommerce_orders SET product_match = 'printed' WHERE product_ean IS NOT NULL;
ALTER TABLE ecommerce_orders FORCE ROW LEVEL SECURITY;

CREATE OR REPLACE VIEW sales WITH (security_invoker = true) AS
SELECT id, org_id, upload_id, vendor, period_start, period_end, sale_date, counts_on, store, store_kind, product_ean,
    vendor_product_code, product_name, quantity, amount_local, currency, vat_included, amount_eur, line_class, order_id,
    country, city, source_sheet, source_row, source_column, content_hash, product_match, derived, rate,
    rate_month, rate_source
FROM sellout_entries WHERE active AND cut = 'main'
UNION ALL
SELECT id, org_id, upload_id, vendor, period_start, period_end, sale_date, counts_on, store, store_kind, product_ean,
    vendor_product_code, product_name, quantity, amount_local, currency, vat_included, amount_eur, line_class, order_id,
    country, city, source_sheet, source_row, source_column, content_hash, product_match, derived, rate,
    rate_month, rate_source
FROM ecommerce_orders WHERE active;
