-- Whoever changes a price, a rate or the settings of the organisation says which version they saw.
ALTER TABLE product_prices ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE fx_rates ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE organizations ADD COLUMN version integer NOT NULL DEFAULT 1;

-- Settings are for those who run the organisation.
ALTER POLICY may_update ON organizations
    USING ((SELECT wall.may(VARIADIC '{roles:manage}'::text[])))
    WITH CHECK ((SELECT wall.may(VARIADIC '{roles:manage}'::text[])));
