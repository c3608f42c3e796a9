-- What an organisation knows beforehand: its products, what vendors call them, list prices, exchange rates.
CREATE TABLE products (
    org_id uuid NOT NULL REFERENCES organizations (id),
    ean text NOT NULL CHECK (ean ~ '^[0-9]{13}$'),
    sku text,
    name text,
    -- As the organisation wrote it; `kind` is what the line classes depend on.
    category text,
    kind text NOT NULL CHECK (kind IN ('regular', 'tester', 'sample', 'advent', 'gift')),
    size text,
    -- As stated in the catalogue. Valuing uses product_prices, which know from when a price holds.
    list_price_eur numeric CHECK (list_price_eur >= 0),
    active boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, ean)
);
CALL wall.protect('products');

-- A vendor's own names and codes. One of them means one product.
CREATE TABLE product_aliases (
    org_id uuid NOT NULL,
    vendor text NOT NULL CHECK (vendor <> ''),
    alias text NOT NULL CHECK (alias <> ''),
    ean text NOT NULL,
    PRIMARY KEY (org_id, vendor, alias),
    FOREIGN KEY (org_id, ean) REFERENCES products (org_id, ean) ON DELETE CASCADE
);
CALL wall.protect('product_aliases');
CREATE INDEX product_aliases_product ON product_aliases (org_id, ean);

-- List prices in euro, VAT included, valid from the first to the last day. No product: prices may be known before it.
-- Ranges of a product do not overlap: the import checks that under a lock (an exclusion constraint over text and
-- ranges needs an extension).
CREATE TABLE product_prices (
    org_id uuid NOT NULL REFERENCES organizations (id),
    ean text NOT NULL CHECK (ean ~ '^[0-9]{13}$'),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    price_eur numeric NOT NULL CHECK (price_eur >= 0),
    PRIMARY KEY (org_id, ean, valid_from)
);
CALL wall.protect('product_prices');

-- Euro per unit of a currency, a month.
CREATE TABLE fx_rates (
    org_id uuid NOT NULL REFERENCES organizations (id),
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$' AND currency <> 'EUR'),
    eur_per_unit numeric NOT NULL CHECK (eur_per_unit > 0),
    source text NOT NULL,
    PRIMARY KEY (org_id, month, currency)
);
CALL wall.protect('fx_rates');
