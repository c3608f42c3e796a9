-- A store of a vendor, as a person put it together from the spellings that files print. Rows keep what was printed.
CREATE TABLE stores (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    org_id uuid NOT NULL REFERENCES organizations (id),
    vendor text NOT NULL CHECK (vendor <> ''),
    name text NOT NULL CHECK (name <> ''),
    -- NULL: as the rows say.
    kind text CHECK (kind IN ('physical', 'online')),
    city text,
    country text,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    updated_by uuid NOT NULL,
    UNIQUE (org_id, id),
    CONSTRAINT stores_name UNIQUE (org_id, vendor, name),
    FOREIGN KEY (org_id, created_by) REFERENCES users (org_id, id),
    FOREIGN KEY (org_id, updated_by) REFERENCES users (org_id, id)
);
CALL wall.protect('stores', 'SELECT, INSERT, UPDATE');

-- Spellings, decision by decision: withdrawn or pointed elsewhere, never deleted.
CREATE TABLE store_aliases (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    org_id uuid NOT NULL REFERENCES organizations (id),
    vendor text NOT NULL,
    -- As given, and as spellings are compared: domain::fold.
    spelling text NOT NULL,
    spelling_key text NOT NULL CHECK (spelling_key <> ''),
    store_id uuid NOT NULL,
    source text NOT NULL CHECK (source IN ('import', 'confirmed', 'learned')),
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by uuid NOT NULL,
    rows_changed bigint NOT NULL DEFAULT 0,
    withdrawn_at timestamptz,
    withdrawn_by uuid,
    rows_returned bigint,
    FOREIGN KEY (org_id, store_id) REFERENCES stores (org_id, id),
    FOREIGN KEY (org_id, created_by) REFERENCES users (org_id, id),
    FOREIGN KEY (org_id, withdrawn_by) REFERENCES users (org_id, id)
);
CALL wall.protect('store_aliases', 'SELECT, INSERT, UPDATE');
CREATE UNIQUE INDEX store_aliases_current ON store_aliases (org_id, vendor, spelling_key) WHERE withdrawn_at IS NULL;
CREATE INDEX store_aliases_store ON store_aliases (org_id, store_id);

-- No foreign key: stores are never deleted, and a check per row would slow every booking down.
ALTER TABLE sellout_entries ADD COLUMN store_id uuid;
ALTER TABLE ecommerce_orders ADD COLUMN store_id uuid;
CREATE INDEX sellout_entries_store ON sellout_entries (org_id, store_id) WHERE store_id IS NOT NULL;
CREATE INDEX ecommerce_orders_store ON ecommerce_orders (org_id, store_id) WHERE store_id IS NOT NULL;

-- `store` is the confirmed one, else what is printed.
CREATE OR REPLACE VIEW sales WITH (security_invoker = true) AS
SELECT e.id, e.org_id, upload_id, e.vendor, period_start, period_end, sale_date, counts_on, coalesce(s.name, store) AS store,
    coalesce(s.kind, store_kind) AS store_kind, product_ean, vendor_product_code, product_name, quantity, amount_local,
    currency, vat_included, amount_eur, line_class, order_id, coalesce(s.country, e.country) AS country,
    coalesce(s.city, e.city) AS city, source_sheet, source_row, source_column, content_hash, product_match, derived,
    rate, rate_month, rate_source, reading, store AS store_printed, store_id
FROM sellout_entries e LEFT JOIN stores s ON s.id = e.store_id
WHERE active AND cut = 'main'
UNION ALL
SELECT e.id, e.org_id, upload_id, e.vendor, period_start, period_end, sale_date, counts_on, coalesce(s.name, store),
    coalesce(s.kind, store_kind), product_ean, vendor_product_code, product_name, quantity, amount_local, currency,
    vat_included, amount_eur, line_class, order_id, coalesce(s.country, e.country), coalesce(s.city, e.city),
    source_sheet, source_row, source_column, content_hash, product_match, derived, rate, rate_month, rate_source,
    reading, store, store_id
FROM ecommerce_orders e LEFT JOIN stores s ON s.id = e.store_id
WHERE active;
