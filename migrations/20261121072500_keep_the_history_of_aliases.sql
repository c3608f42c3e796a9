-- An alias is a decision of somebody: who, when, from what. It is withdrawn or pointed elsewhere, never deleted.
ALTER TABLE product_aliases DROP CONSTRAINT product_aliases_pkey;
ALTER TABLE product_aliases DROP CONSTRAINT product_aliases_org_id_ean_fkey;
ALTER TABLE product_aliases
    ADD COLUMN id uuid PRIMARY KEY DEFAULT uuidv7(),
    -- As aliases are compared: domain::alias_key.
    ADD COLUMN alias_key text,
    -- NULL: no product of ours.
    ALTER COLUMN ean DROP NOT NULL,
    ADD COLUMN source text NOT NULL DEFAULT 'import' CHECK (source IN ('import', 'confirmed', 'learned')),
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN created_by uuid,
    -- Rows of the books that changed with it, and when it was withdrawn.
    ADD COLUMN rows_changed bigint NOT NULL DEFAULT 0,
    ADD COLUMN withdrawn_at timestamptz,
    ADD COLUMN withdrawn_by uuid,
    ADD COLUMN rows_returned bigint,
    ADD FOREIGN KEY (org_id, ean) REFERENCES products (org_id, ean),
    ADD FOREIGN KEY (org_id, created_by) REFERENCES users (org_id, id),
    ADD FOREIGN KEY (org_id, withdrawn_by) REFERENCES users (org_id, id);
-- The wall hides rows from their owner too: it is lowered for the length of the updates, which nobody else sees.
ALTER TABLE product_aliases NO FORCE ROW LEVEL SECURITY;
UPDATE product_aliases
SET alias_key = regexp_replace(lower(regexp_replace(btrim(alias), '\s+', ' ', 'g')), ' total$', '');
-- Two spellings of one word: the later one decides, as a later import would.
UPDATE product_aliases a SET withdrawn_at = now()
WHERE EXISTS (
    SELECT FROM product_aliases b
    WHERE b.org_id = a.org_id AND b.vendor = a.vendor AND b.alias_key = a.alias_key AND b.id > a.id
);
ALTER TABLE product_aliases FORCE ROW LEVEL SECURITY;
ALTER TABLE product_aliases ALTER COLUMN alias_key SET NOT NULL;
CREATE UNIQUE INDEX product_aliases_current ON product_aliases (org_id, vendor, alias_key) WHERE withdrawn_at IS NULL;
CREATE INDEX product_aliases_list ON product_aliases (org_id, id DESC);
REVOKE DELETE ON product_aliases FROM shelfline_app;

-- Rows that wait for a product.
CREATE INDEX sellout_entries_waiting ON sellout_entries (org_id, vendor) WHERE product_match IS NULL AND active;
CREATE INDEX ecommerce_orders_waiting ON ecommerce_orders (org_id, vendor) WHERE product_match IS NULL AND active;
