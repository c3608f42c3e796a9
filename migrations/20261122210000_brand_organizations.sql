-- How an organisation wants its reports to look.
ALTER TABLE organizations
    ADD COLUMN brand_name text CHECK (length(brand_name) BETWEEN 1 AND 200),
    ADD COLUMN brand_colour text CHECK (brand_colour ~ '^#[0-9A-F]{6}$'),
    -- PNG or JPEG; a JSON body has no room for more.
    ADD COLUMN brand_logo bytea CHECK (octet_length(brand_logo) BETWEEN 1 AND 1048576);
