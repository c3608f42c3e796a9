-- Rows whose product becomes another one. $1 org, $2 vendors, $3 identities, $4 EANs and $5 words that they become
INSERT INTO pg_temp.touched (id, ean, match)
SELECT r.id, became.ean, became.match
FROM {rows} r
JOIN unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS became (vendor, identity, ean, match)
    ON became.vendor = r.vendor AND became.identity = json_build_array(r.printed_ean, r.product_codes,
        r.vendor_product_code, r.product_name, r.product_ean, r.product_match)::text
WHERE r.org_id = $1
