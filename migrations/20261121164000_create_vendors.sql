-- Who sends files. A vendor is known from its first booked file on; a person may name it and say where it sells.
CREATE TABLE vendors (
    org_id uuid NOT NULL REFERENCES organizations (id),
    -- As everywhere: lower case, `skins_nl`.
    key text NOT NULL CHECK (key <> ''),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    -- ISO 3166-1 alpha-2; NULL: in several countries, or not known.
    country text CHECK (country ~ '^[A-Z]{2}$'),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, key)
);
CALL wall.protect('vendors', 'SELECT, INSERT, UPDATE');
CALL wall.guard('vendors', NULL, '{catalogue:write}');
CREATE POLICY rows_of_subject ON vendors AS RESTRICTIVE FOR SELECT TO shelfline_app
    USING ((SELECT wall.sees_all()) OR EXISTS (
        SELECT FROM wall.row_rules() AS rule WHERE rule.vendors IS NULL OR key = ANY (rule.vendors)
    ));

-- Where a row was sold to the customer: by a retailer, or in the organisation's own web shop.
CREATE OR REPLACE VIEW sales WITH (security_invoker = true) AS
SELECT e.id, e.org_id, upload_id, e.vendor, period_start, period_end, sale_date, counts_on, coalesce(s.name, store) AS store,
    coalesce(s.kind, store_kind) AS store_kind, product_ean, vendor_product_code, product_name, quantity, amount_local,
    currency, vat_included, amount_eur, line_class, order_id, coalesce(s.country, e.country) AS country,
    coalesce(s.city, e.city) AS city, source_sheet, source_row, source_column, content_hash, product_match, derived,
    rate, rate_month, rate_source, reading, store AS store_printed, store_id, since_version, until_version,
    'retail' AS channel
FROM sellout_entries e LEFT JOIN stores s ON s.org_id = e.org_id AND s.id = e.store_id
WHERE active AND cut = 'main'
UNION ALL
SELECT e.id, e.org_id, upload_id, e.vendor, period_start, period_end, sale_date, counts_on, coalesce(s.name, store),
    coalesce(s.kind, store_kind), product_ean, vendor_product_code, product_name, quantity, amount_local, currency,
    vat_included, amount_eur, line_class, order_id, coalesce(s.country, e.country), coalesce(s.city, e.city),
    source_sheet, source_row, source_column, content_hash, product_match, derived, rate, rate_month, rate_source,
    reading, store, store_id, NULL, NULL, 'online'
FROM ecommerce_orders e LEFT JOIN stores s ON s.org_id = e.org_id AND s.id = e.store_id
WHERE active;

-- Sums know the channel as well; they are built anew.
DROP VIEW sales_daily;
ALTER TABLE sales_rollup
    DROP CONSTRAINT sales_rollup_org_id_counts_on_vendor_store_store_kind_produ_key,
    ADD COLUMN channel text CHECK (channel IN ('online', 'retail')),
    -- Over rows that have both, so that one divided by the other is a price.
    ADD COLUMN paired_quantity numeric NOT NULL DEFAULT 0,
    ADD COLUMN paired_eur numeric NOT NULL DEFAULT 0;
ALTER TABLE sellout_entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ecommerce_orders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stores NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sales_rollup NO FORCE ROW LEVEL SECURITY;
ALTER TABLE reporting_periods NO FORCE ROW LEVEL SECURITY;
ALTER TABLE vendors NO FORCE ROW LEVEL SECURITY;
DELETE FROM sales_rollup;
ALTER TABLE sales_rollup ALTER COLUMN channel SET NOT NULL;
INSERT INTO sales_rollup (org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class,
    records, quantity, with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted,
    paired_quantity, paired_eur)
SELECT org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class, count(*),
    coalesce(sum(quantity), 0), count(quantity), coalesce(sum(amount_local), 0), count(amount_local),
    coalesce(sum(amount_eur), 0), count(amount_eur),
    count(*) FILTER (WHERE amount_local IS NOT NULL AND amount_eur IS NULL),
    coalesce(sum(quantity) FILTER (WHERE amount_eur IS NOT NULL), 0), coalesce(sum(amount_eur) FILTER (WHERE quantity IS NOT NULL), 0)
FROM sales GROUP BY org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class;
INSERT INTO vendors (org_id, key, name)
SELECT DISTINCT org_id, vendor, initcap(replace(vendor, '_', ' ')) FROM reporting_periods;
ALTER TABLE sellout_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE ecommerce_orders FORCE ROW LEVEL SECURITY;
ALTER TABLE stores FORCE ROW LEVEL SECURITY;
ALTER TABLE sales_rollup FORCE ROW LEVEL SECURITY;
ALTER TABLE reporting_periods FORCE ROW LEVEL SECURITY;
ALTER TABLE vendors FORCE ROW LEVEL SECURITY;
ALTER TABLE sales_rollup
    ADD UNIQUE NULLS NOT DISTINCT
        (org_id, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class, channel);

-- `sales` summed up per day, store and product; kept equal to it by every booking and undo.
CREATE VIEW sales_daily WITH (security_invoker = true) AS
SELECT org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class, records,
    CASE WHEN with_quantity > 0 THEN quantity END AS quantity,
    CASE WHEN with_amount > 0 THEN amount_local END AS amount_local,
    -- A gap is named, never summed over.
    CASE WHEN with_euro > 0 AND unconverted = 0 THEN amount_eur END AS amount_eur
FROM sales_rollup;
GRANT SELECT ON sales_daily TO shelfline_app;
