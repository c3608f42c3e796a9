-- A layout that no profile knows may not say whether its amounts include VAT: unknown is NULL, never a guess.
ALTER TABLE sellout_entries ALTER COLUMN vat_included DROP NOT NULL;
ALTER TABLE ecommerce_orders ALTER COLUMN vat_included DROP NOT NULL;
