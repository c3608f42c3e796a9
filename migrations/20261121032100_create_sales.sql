-- What vendors said about periods. Of the statements about one (vendor, cut, period) the latest that is not undone is
-- active; the others are history. A statement equal to the one before it shares that one's rows.
CREATE TABLE reporting_periods (
    org_id uuid NOT NULL,
    upload_id uuid NOT NULL,
    vendor text NOT NULL,
    cut text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- The upload whose rows say it.
    rows_upload_id uuid NOT NULL,
    stated_at timestamptz NOT NULL,
    -- An increment adds lines by key and never replaces a period.
    document_kind text NOT NULL CHECK (document_kind IN ('snapshot', 'living', 'increment')),
    -- Over all rows of this (upload, cut, period), in whatever currency and order.
    content_hash bytea NOT NULL,
    records bigint NOT NULL,
    quantity numeric NOT NULL,
    amount_local numeric,
    amount_eur numeric,
    change text NOT NULL CHECK (change IN ('new', 'changed', 'unchanged')),
    active boolean NOT NULL,
    PRIMARY KEY (org_id, upload_id, cut, period_start, period_end, currency),
    FOREIGN KEY (org_id, upload_id) REFERENCES uploads (org_id, id),
    FOREIGN KEY (org_id, rows_upload_id) REFERENCES uploads (org_id, id),
    CHECK (period_end >= period_start)
);
CALL wall.protect('reporting_periods', 'SELECT, INSERT, UPDATE');
CREATE INDEX reporting_periods_statements ON reporting_periods (org_id, vendor, cut, period_start, period_end);

-- Sell-out rows of vendors' documents. Identical rows are separate sales.
CREATE TABLE sellout_entries (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    org_id uuid NOT NULL,
    upload_id uuid NOT NULL,
    vendor text NOT NULL,
    cut text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    sale_date date,
    -- The day it counts on.
    counts_on date NOT NULL GENERATED ALWAYS AS (coalesce(sale_date, period_end)) STORED,
    store text,
    store_kind text CHECK (store_kind IN ('physical', 'online')),
    product_ean text,
    vendor_product_code text,
    product_name text,
    quantity numeric,
    amount_local numeric,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    vat_included boolean NOT NULL,
    -- amount_local x rate, unrounded; NULL while the rate is missing.
    amount_eur numeric,
    rate numeric,
    rate_month date,
    rate_source text,
    line_class text NOT NULL CHECK (line_class IN ('sale', 'return', 'tester', 'sample', 'gift', 'bulk')),
    country text,
    city text,
    order_id text,
    source_sheet text,
    source_row integer NOT NULL,
    source_column text,
    -- What the row is about, and all it says: the two sides of every comparison of files.
    key_hash bytea NOT NULL,
    content_hash bytea NOT NULL,
    -- Whether the statement it belongs to counts.
    active boolean NOT NULL,
    FOREIGN KEY (org_id, upload_id) REFERENCES uploads (org_id, id)
);
CALL wall.protect('sellout_entries', 'SELECT, INSERT, UPDATE');
CREATE INDEX sellout_entries_statement ON sellout_entries (org_id, vendor, cut, period_start, period_end);
CREATE INDEX sellout_entries_day ON sellout_entries (org_id, vendor, counts_on) WHERE active AND cut = 'main';
CREATE INDEX sellout_entries_list ON sellout_entries (org_id, id) WHERE active AND cut = 'main';
CREATE INDEX sellout_entries_upload ON sellout_entries (org_id, upload_id);

-- Order lines of web shops. Every version of a line is kept; of those not undone the latest counts.
CREATE TABLE ecommerce_orders (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    org_id uuid NOT NULL,
    upload_id uuid NOT NULL,
    vendor text NOT NULL,
    -- Identifies the line across exports of the same shop.
    line_key text NOT NULL,
    order_id text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    sale_date date,
    counts_on date NOT NULL GENERATED ALWAYS AS (coalesce(sale_date, period_end)) STORED,
    store text,
    store_kind text CHECK (store_kind IN ('physical', 'online')),
    product_ean text,
    vendor_product_code text,
    product_name text,
    quantity numeric,
    amount_local numeric,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    vat_included boolean NOT NULL,
    amount_eur numeric,
    rate numeric,
    rate_month date,
    rate_source text,
    line_class text NOT NULL CHECK (line_class IN ('sale', 'return', 'tester', 'sample', 'gift', 'bulk')),
    is_gift boolean NOT NULL,
    cost_of_goods numeric,
    payment_fee numeric,
    country text,
    city text,
    utm_source text,
    utm_medium text,
    utm_campaign text,
    device text,
    source_sheet text,
    source_row integer NOT NULL,
    source_column text,
    key_hash bytea NOT NULL,
    content_hash bytea NOT NULL,
    active boolean NOT NULL,
    FOREIGN KEY (org_id, upload_id) REFERENCES uploads (org_id, id)
);
CALL wall.protect('ecommerce_orders', 'SELECT, INSERT, UPDATE');
CREATE INDEX ecommerce_orders_line ON ecommerce_orders (org_id, vendor, line_key);
CREATE INDEX ecommerce_orders_day ON ecommerce_orders (org_id, vendor, counts_on) WHERE active;
CREATE INDEX ecommerce_orders_list ON ecommerce_orders (org_id, id) WHERE active;
CREATE INDEX ecommerce_orders_upload ON ecommerce_orders (org_id, upload_id);

-- Everything that counts. The caller's own rights and policies apply.
CREATE VIEW sales WITH (security_invoker = true) AS
SELECT id, org_id, upload_id, vendor, period_start, period_end, sale_date, counts_on, store, store_kind, product_ean,
    vendor_product_code, product_name, quantity, amount_local, currency, vat_included, amount_eur, line_class, order_id,
    country, city, source_sheet, source_row, source_column, content_hash
FROM sellout_entries WHERE active AND cut = 'main'
UNION ALL
SELECT id, org_id, upload_id, vendor, period_start, period_end, sale_date, counts_on, store, store_kind, product_ean,
    vendor_product_code, product_name, quantity, amount_local, currency, vat_included, amount_eur, line_class, order_id,
    country, city, source_sheet, source_row, source_column, content_hash
FROM ecommerce_orders WHERE active;
GRANT SELECT ON sales TO shelfline_app;

-- `sales` summed up per day, store and product; kept equal to it by every booking and undo.
CREATE TABLE sales_daily (
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
    quantity numeric,
    amount_local numeric,
    -- NULL when the rate of one of the amounts is missing: a gap is named, never summed over.
    amount_eur numeric,
    UNIQUE NULLS NOT DISTINCT (org_id, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class)
);
CALL wall.protect('sales_daily', 'SELECT, INSERT, DELETE');
