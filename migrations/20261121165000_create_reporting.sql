-- What SQL that we did not write may read: views over what counts, for questions and reports. They belong to a role that
-- nobody logs in as and that is behind the wall like the application: the same tenant, the same rights, the same rows.
DO $$
BEGIN
    BEGIN
        CREATE ROLE shelfline_reporting NOLOGIN NOINHERIT;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT shelfline_reporting TO %I', current_user);
    END IF;
END
$$;

CREATE SCHEMA reporting;
GRANT USAGE ON SCHEMA public TO shelfline_reporting;
GRANT USAGE ON SCHEMA reporting TO shelfline_reader;

-- Lets views read some columns of a table: the tenant's rows, under the restrictive policies that the application has.
CREATE PROCEDURE wall.report(target regclass, columns text)
LANGUAGE plpgsql
AS $$
DECLARE
    restricting name;
BEGIN
    EXECUTE format('GRANT SELECT (%s) ON %s TO shelfline_reporting', columns, target);
    EXECUTE format(
        'CREATE POLICY reporting ON %s FOR SELECT TO shelfline_reporting USING (org_id = (SELECT wall.current_org()))', target
    );
    FOR restricting IN
        SELECT polname FROM pg_policy WHERE polrelid = target AND NOT polpermissive AND polcmd IN ('r', '*')
    LOOP
        EXECUTE format('ALTER POLICY %I ON %s TO shelfline_app, shelfline_reporting', restricting, target);
    END LOOP;
END
$$;
REVOKE ALL ON PROCEDURE wall.report(regclass, text) FROM PUBLIC;

CALL wall.report('sellout_entries', 'id, org_id, upload_id, vendor, cut, active, period_start, period_end, sale_date, counts_on,
    store, store_id, store_kind, product_ean, vendor_product_code, product_name, quantity, amount_local, currency, vat_included,
    amount_eur, rate, rate_month, rate_source, derived, line_class, country, city, order_id, source_sheet, source_row, source_column');
CALL wall.report('ecommerce_orders', 'id, org_id, upload_id, vendor, active, period_start, period_end, sale_date, counts_on,
    order_id, store, store_id, store_kind, product_ean, vendor_product_code, product_name, quantity, amount_local, currency,
    vat_included, amount_eur, rate, rate_month, rate_source, derived, line_class, is_gift, country, city, utm_source,
    utm_medium, utm_campaign, device, source_sheet, source_row, source_column');
CALL wall.report('ecommerce_costs', 'org_id, id, cost_of_goods, payment_fee');
CALL wall.report('sales_rollup', 'org_id, vendor, store, store_kind, country');
CALL wall.report('products', 'org_id, ean, sku, name, category, kind, size, list_price_eur, active');
CALL wall.report('stores', 'org_id, id, vendor, name, kind, city, country');
CALL wall.report('vendors', 'org_id, key, name, country');

-- Days from the beginning of the books of any brand to beyond every plan.
CREATE TABLE wall.days (day date PRIMARY KEY);
INSERT INTO wall.days SELECT generate_series(date '2000-01-01', date '2049-12-31', interval '1 day')::date;
GRANT SELECT ON wall.days TO shelfline_reporting;
GRANT USAGE ON SCHEMA wall TO shelfline_reporting;

CREATE VIEW reporting.sellout_entries AS
SELECT e.id, e.org_id AS tenant_id, e.vendor AS reseller, coalesce(v.name, e.vendor) AS reseller_name,
    coalesce(s.name, e.store) AS store, coalesce(s.kind, e.store_kind) AS store_kind,
    coalesce(s.country, e.country) AS country, coalesce(s.city, e.city) AS city,
    e.product_ean, coalesce(p.sku, p.name, e.product_name, e.vendor_product_code) AS functional_name,
    e.vendor_product_code, e.product_name AS printed_name,
    e.quantity, e.amount_local AS sales_local, e.currency, e.vat_included, e.amount_eur AS sales_eur,
    e.rate, e.rate_month, e.rate_source, e.derived IS NOT NULL AS is_derived, e.line_class,
    extract(year FROM e.counts_on)::integer AS year, extract(quarter FROM e.counts_on)::integer AS quarter,
    extract(month FROM e.counts_on)::integer AS month, e.counts_on AS day, e.sale_date, e.period_start, e.period_end,
    e.upload_id, e.source_sheet, e.source_row, e.source_column
FROM public.sellout_entries e
LEFT JOIN public.stores s ON s.org_id = e.org_id AND s.id = e.store_id
LEFT JOIN public.vendors v ON v.org_id = e.org_id AND v.key = e.vendor
LEFT JOIN public.products p ON p.org_id = e.org_id AND p.ean = e.product_ean
WHERE e.active AND e.cut = 'main';

CREATE VIEW reporting.sellout_entries2 AS SELECT * FROM reporting.sellout_entries;

CREATE VIEW reporting.ecommerce_orders AS
SELECT o.id, o.org_id AS tenant_id, o.vendor AS shop, o.order_id, o.counts_on::timestamp AT TIME ZONE 'UTC' AS order_date,
    coalesce(s.name, o.store) AS store, coalesce(s.country, o.country) AS country, coalesce(s.city, o.city) AS city,
    o.product_ean, coalesce(p.sku, p.name, o.product_name, o.vendor_product_code) AS functional_name,
    o.vendor_product_code, o.product_name AS printed_name,
    o.quantity, o.amount_local AS sales_local, o.currency, o.vat_included, o.amount_eur AS sales_eur,
    o.rate, o.rate_month, o.rate_source, c.cost_of_goods, c.payment_fee, o.is_gift, o.line_class,
    o.utm_source, o.utm_medium, o.utm_campaign, o.device,
    extract(year FROM o.counts_on)::integer AS year, extract(quarter FROM o.counts_on)::integer AS quarter,
    extract(month FROM o.counts_on)::integer AS month, o.counts_on AS day,
    o.upload_id, o.source_sheet, o.source_row, o.source_column
FROM public.ecommerce_orders o
LEFT JOIN public.stores s ON s.org_id = o.org_id AND s.id = o.store_id
LEFT JOIN public.products p ON p.org_id = o.org_id AND p.ean = o.product_ean
LEFT JOIN public.ecommerce_costs c ON c.org_id = o.org_id AND c.id = o.id
WHERE o.active;

CREATE VIEW reporting.sales AS
SELECT id, tenant_id, 'retail' AS channel, reseller AS vendor, store, store_kind, country, city, product_ean,
    functional_name, quantity, sales_local, currency, vat_included, sales_eur, line_class, NULL AS order_id, year, quarter, month,
    day, upload_id, source_sheet, source_row, source_column
FROM reporting.sellout_entries
UNION ALL
SELECT id, tenant_id, 'online', shop, store, 'online', country, city, product_ean, functional_name, quantity, sales_local,
    currency, vat_included, sales_eur, line_class, order_id, year, quarter, month, day, upload_id, source_sheet, source_row,
    source_column
FROM reporting.ecommerce_orders;

CREATE VIEW reporting.products AS
SELECT org_id AS tenant_id, ean AS product_ean, coalesce(sku, name) AS functional_name, sku, name AS product_name, category,
    kind, size, list_price_eur, active
FROM public.products;

CREATE VIEW reporting.resellers AS
SELECT v.org_id AS tenant_id, v.key AS reseller, v.name AS reseller_name, v.country
FROM public.vendors v
WHERE EXISTS (SELECT FROM public.sellout_entries e WHERE e.org_id = v.org_id AND e.vendor = v.key AND e.active AND e.cut = 'main');

CREATE VIEW reporting.stores AS
SELECT r.org_id AS tenant_id, r.vendor AS reseller, r.store, max(r.store_kind) AS store_kind, max(s.city) AS city,
    CASE WHEN count(DISTINCT r.country) = 1 THEN max(r.country) END AS country
FROM public.sales_rollup r
LEFT JOIN public.stores s ON s.org_id = r.org_id AND s.vendor = r.vendor AND s.name = r.store
WHERE r.store IS NOT NULL
GROUP BY r.org_id, r.vendor, r.store;

CREATE VIEW reporting.calendar AS
SELECT day, extract(year FROM day)::integer AS year, extract(quarter FROM day)::integer AS quarter,
    extract(month FROM day)::integer AS month, extract(isoyear FROM day)::integer AS iso_year,
    extract(week FROM day)::integer AS iso_week, extract(isodow FROM day)::integer AS iso_weekday,
    date_trunc('month', day)::date AS month_start, date_trunc('quarter', day)::date AS quarter_start
FROM wall.days;

-- One name means one thing in every view.
DO $$
DECLARE
    said record;
BEGIN
    FOR said IN
        SELECT c.table_name, c.column_name, d.meaning
        FROM information_schema.columns c
        JOIN (VALUES
            ('id', 'The row, for as long as it counts.'),
            ('tenant_id', 'The organisation; always one''s own.'),
            ('channel', '''retail'': sold by a retailer, ''online'': in the own web shop.'),
            ('vendor', 'Key of who reported the row, for example ''liberty''.'),
            ('reseller', 'Key of the retailer, for example ''skins_nl''.'),
            ('reseller_name', 'The retailer''s name, for example ''Skins NL''.'),
            ('shop', 'Key of the web shop.'),
            ('store', 'Confirmed name of the store, else as printed; NULL: the file does not say.'),
            ('store_kind', '''physical'' or ''online'' (a retailer''s own web shop); NULL: not known.'),
            ('country', 'ISO 3166-1 alpha-2, or as printed; NULL: not known.'),
            ('city', 'As the file says it.'),
            ('product_ean', 'EAN-13; NULL: not matched yet.'),
            ('functional_name', 'The brand''s short name of the product: its SKU, else its name, else what the file prints.'),
            ('product_name', 'Name in the catalogue.'),
            ('printed_name', 'Name of the product in the file.'),
            ('vendor_product_code', 'Number of the product in the file.'),
            ('sku', 'The brand''s own number of the product.'),
            ('category', 'As the catalogue says it.'),
            ('kind', '''regular'', ''tester'', ''sample'', ''advent'' or ''gift''.'),
            ('size', 'As the catalogue says it.'),
            ('list_price_eur', 'Euro with VAT, as the catalogue states it.'),
            ('active', 'Whether the product is still sold.'),
            ('order_id', 'Number of the order; several rows may have it. NULL: not from a web shop.'),
            ('order_date', 'Midnight UTC of the day of the order: no time of day is kept.'),
            ('quantity', 'Pieces; negative for returns. NULL: the file has none.'),
            ('sales_local', 'Amount in `currency`; negative for returns. NULL: the file has none.'),
            ('currency', 'ISO 4217.'),
            ('vat_included', 'Whether `sales_local` and `sales_eur` include VAT; NULL: the file does not say.'),
            ('sales_eur', '`sales_local` at the rate of its month, unrounded. NULL: no rate is known, or no amount.'),
            ('rate', 'Euro per unit of `currency`.'),
            ('rate_month', 'First day of the month the rate is of.'),
            ('rate_source', 'Where the rate comes from.'),
            ('is_derived', 'Whether the amount is quantity x list price, because the file has pieces only.'),
            ('line_class', '''sale'', ''return'', ''tester'', ''sample'', ''gift'' or ''bulk''.'),
            ('is_gift', 'Whether the buyer marked the line as a gift.'),
            ('cost_of_goods', 'In `currency`; NULL: not known, or not for you to see.'),
            ('payment_fee', 'In `currency`; NULL: not known, or not for you to see.'),
            ('utm_source', 'Where the buyer came from.'),
            ('utm_medium', 'By which medium.'),
            ('utm_campaign', 'By which campaign.'),
            ('device', 'What the order was placed with.'),
            ('year', 'Of `day`.'),
            ('quarter', 'Of `day`, 1 to 4.'),
            ('month', 'Of `day`, 1 to 12.'),
            ('iso_year', 'Of the ISO week.'),
            ('iso_week', '1 to 53.'),
            ('iso_weekday', '1 is Monday.'),
            ('month_start', 'First day of the month.'),
            ('quarter_start', 'First day of the quarter.'),
            ('day', 'The day a row counts on: of the sale, else the last one of its period.'),
            ('sale_date', 'Day of the sale; NULL: the file states periods only.'),
            ('period_start', 'First day of the period that the file states.'),
            ('period_end', 'Its last day.'),
            ('upload_id', 'The upload the row comes from.'),
            ('source_sheet', 'Sheet of the file.'),
            ('source_row', 'Row of the sheet.'),
            ('source_column', 'Column, where a row of the file holds several.')
        ) AS d (column_name, meaning) USING (column_name)
        WHERE c.table_schema = 'reporting'
    LOOP
        EXECUTE format('COMMENT ON COLUMN reporting.%I.%I IS %L', said.table_name, said.column_name, said.meaning);
    END LOOP;
END
$$;
COMMENT ON VIEW reporting.sellout_entries IS 'What retailers sold, one row a line of their files. Only what counts: restated and undone rows are not in it.';
COMMENT ON VIEW reporting.sellout_entries2 IS 'The same as sellout_entries, under the name that saved queries of earlier systems use.';
COMMENT ON VIEW reporting.ecommerce_orders IS 'What the own web shops sold, one row an order line.';
COMMENT ON VIEW reporting.sales IS 'What retailers and web shops sold, in one.';
COMMENT ON VIEW reporting.products IS 'The catalogue.';
COMMENT ON VIEW reporting.resellers IS 'Retailers that have reported.';
COMMENT ON VIEW reporting.stores IS 'Stores that have sold.';
COMMENT ON VIEW reporting.calendar IS 'Days of the years 2000 to 2049.';

-- Nothing else is made there: the right to own these is taken back at once.
GRANT CREATE ON SCHEMA reporting TO shelfline_reporting;
DO $$
DECLARE
    made name;
BEGIN
    FOR made IN SELECT viewname FROM pg_views WHERE schemaname = 'reporting' LOOP
        EXECUTE format('ALTER VIEW reporting.%I OWNER TO shelfline_reporting', made);
        EXECUTE format('GRANT SELECT ON reporting.%I TO shelfline_reader', made);
    END LOOP;
END
$$;
REVOKE CREATE ON SCHEMA reporting FROM shelfline_reporting;
GRANT USAGE ON SCHEMA reporting TO shelfline_reporting;
GRANT EXECUTE ON FUNCTION wall.current_org(), wall.claim(), wall.may(text[]), wall.sees_all(), wall.row_rules() TO shelfline_reporting;
