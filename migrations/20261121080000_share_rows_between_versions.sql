-- Two statements about a period that differ in one row shared nothing: a correction wrote every row again and turned the
-- old ones off. Now contents of a period are versions, numbered as they came, and a row belongs to those from
-- `since_version` up to, not including, `until_version`: a correction writes and closes only rows that differ.
CREATE TABLE period_versions (
    org_id uuid NOT NULL,
    vendor text NOT NULL,
    cut text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    -- Over the multiset of its rows.
    content_hash bytea NOT NULL,
    PRIMARY KEY (org_id, vendor, cut, period_start, period_end, version)
);
CALL wall.protect('period_versions', 'SELECT, INSERT');

ALTER TABLE reporting_periods
    -- NULL: an increment, whose lines are versions of their own.
    ADD COLUMN version integer,
    -- What counted when it came; NULL: nothing did.
    ADD COLUMN replaced_version integer;
ALTER TABLE sellout_entries
    ADD COLUMN since_version integer NOT NULL DEFAULT 1,
    -- NULL: the newest version has it.
    ADD COLUMN until_version integer;

-- What was stored until now: every reading wrote rows of its own for each period in which it differed.
ALTER TABLE reporting_periods NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sellout_entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE period_versions NO FORCE ROW LEVEL SECURITY;
CREATE TEMP TABLE numbered ON COMMIT DROP AS
SELECT *, row_number() OVER period AS version, lead(upload_id) OVER period IS NULL AS newest
FROM (
    SELECT org_id, vendor, cut, period_start, period_end, rows_upload_id AS upload_id, rows_reading AS reading
    FROM reporting_periods WHERE document_kind <> 'increment'
    UNION
    SELECT org_id, vendor, cut, period_start, period_end, upload_id, reading FROM sellout_entries
) AS stored
WINDOW period AS (PARTITION BY org_id, vendor, cut, period_start, period_end ORDER BY upload_id, reading);
INSERT INTO period_versions (org_id, vendor, cut, period_start, period_end, version, content_hash)
-- Hashed in another way until now: the first file that says the same again is compared row by row.
SELECT org_id, vendor, cut, period_start, period_end, version, '' FROM numbered;
UPDATE sellout_entries e
SET since_version = n.version, until_version = CASE WHEN NOT n.newest THEN n.version + 1 END
FROM numbered n
WHERE (e.org_id, e.vendor, e.cut, e.period_start, e.period_end, e.upload_id, e.reading)
    = (n.org_id, n.vendor, n.cut, n.period_start, n.period_end, n.upload_id, n.reading);
UPDATE reporting_periods p
SET version = n.version
FROM numbered n
WHERE p.document_kind <> 'increment'
    AND (p.org_id, p.vendor, p.cut, p.period_start, p.period_end, p.rows_upload_id, p.rows_reading)
        = (n.org_id, n.vendor, n.cut, n.period_start, n.period_end, n.upload_id, n.reading);
UPDATE reporting_periods p
SET replaced_version = n.version
FROM numbered n
WHERE p.document_kind <> 'increment'
    AND (p.org_id, p.vendor, p.cut, p.period_start, p.period_end, p.replaced_upload_id, p.replaced_reading)
        = (n.org_id, n.vendor, n.cut, n.period_start, n.period_end, n.upload_id, n.reading);
ALTER TABLE reporting_periods FORCE ROW LEVEL SECURITY;
ALTER TABLE period_versions FORCE ROW LEVEL SECURITY;
ALTER TABLE sellout_entries FORCE ROW LEVEL SECURITY;

ALTER TABLE reporting_periods
    DROP COLUMN rows_upload_id,
    DROP COLUMN rows_reading,
    DROP COLUMN replaced_upload_id,
    DROP COLUMN replaced_reading,
    DROP COLUMN content_hash,
    ADD CHECK ((version IS NULL) = (document_kind = 'increment'));

-- A million rows at once: each index and each check per row counts. What lists needed beside the key is the key now;
-- statements carry the reference to the upload, which is never deleted.
ALTER TABLE sellout_entries
    DROP CONSTRAINT sellout_entries_org_id_upload_id_fkey,
    DROP CONSTRAINT sellout_entries_pkey,
    ADD PRIMARY KEY (org_id, id);
DROP INDEX sellout_entries_list, sellout_entries_upload;
ALTER TABLE ecommerce_orders
    DROP CONSTRAINT ecommerce_orders_org_id_upload_id_fkey,
    DROP CONSTRAINT ecommerce_orders_pkey,
    ADD PRIMARY KEY (org_id, id);
DROP INDEX ecommerce_orders_list;

-- Sums to which differences can be added: how many rows have a value tells nothing from zero.
DROP TABLE sales_daily;
CREATE TABLE sales_rollup (
    org_id uuid NOT NULL REFERENCES organizations (id),
    vendor text NOT NULL,
    counts_on date NOT NULL,
    store text,
    store_kind text,
    product_ean text,
    currency text NOT NULL,
    country text,
    line_class text NOT NULL,
    records bigint NOT NULL,
    quantity numeric NOT NULL,
    with_quantity bigint NOT NULL,
    amount_local numeric NOT NULL,
    with_amount bigint NOT NULL,
    amount_eur numeric NOT NULL,
    with_euro bigint NOT NULL,
    -- Amounts that no rate converts.
    unconverted bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (org_id, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class)
);
CALL wall.protect('sales_rollup');

ALTER TABLE sellout_entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ecommerce_orders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stores NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sales_rollup NO FORCE ROW LEVEL SECURITY;
INSERT INTO sales_rollup
SELECT org_id, vendor, counts_on, store, store_kind, product_ean, currency, country, line_class, count(*),
    coalesce(sum(quantity), 0), count(quantity), coalesce(sum(amount_local), 0), count(amount_local),
    coalesce(sum(amount_eur), 0), count(amount_eur),
    count(*) FILTER (WHERE amount_local IS NOT NULL AND amount_eur IS NULL)
FROM sales GROUP BY org_id, vendor, counts_on, store, store_kind, product_ean, currency, country, line_class;
ALTER TABLE sellout_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE ecommerce_orders FORCE ROW LEVEL SECURITY;
ALTER TABLE stores FORCE ROW LEVEL SECURITY;
ALTER TABLE sales_rollup FORCE ROW LEVEL SECURITY;

-- `sales` summed up per day, store and product; kept equal to it by every booking and undo.
CREATE VIEW sales_daily WITH (security_invoker = true) AS
SELECT org_id, vendor, counts_on, store, store_kind, product_ean, currency, country, line_class, records,
    CASE WHEN with_quantity > 0 THEN quantity END AS quantity,
    CASE WHEN with_amount > 0 THEN amount_local END AS amount_local,
    -- A gap is named, never summed over.
    CASE WHEN with_euro > 0 AND unconverted = 0 THEN amount_eur END AS amount_eur
FROM sales_rollup;
GRANT SELECT ON sales_daily TO shelfline_app;

CREATE OR REPLACE VIEW sales WITH (security_invoker = true) AS
SELECT e.id, e.org_id, upload_id, e.vendor, period_start, period_end, sale_date, counts_on, coalesce(s.name, store) AS store,
    coalesce(s.kind, store_kind) AS store_kind, product_ean, vendor_product_code, product_name, quantity, amount_local,
    currency, vat_included, amount_eur, line_class, order_id, coalesce(s.country, e.country) AS country,
    coalesce(s.city, e.city) AS city, source_sheet, source_row, source_column, content_hash, product_match, derived,
    rate, rate_month, rate_source, reading, store AS store_printed, store_id, since_version, until_version
FROM sellout_entries e LEFT JOIN stores s ON s.id = e.store_id
WHERE active AND cut = 'main'
UNION ALL
SELECT e.id, e.org_id, upload_id, e.vendor, period_start, period_end, sale_date, counts_on, coalesce(s.name, store),
    coalesce(s.kind, store_kind), product_ean, vendor_product_code, product_name, quantity, amount_local, currency,
    vat_included, amount_eur, line_class, order_id, coalesce(s.country, e.country), coalesce(s.city, e.city),
    source_sheet, source_row, source_column, content_hash, product_match, derived, rate, rate_month, rate_source,
    reading, store, store_id, NULL, NULL
FROM ecommerce_orders e LEFT JOIN stores s ON s.id = e.store_id
WHERE active;
