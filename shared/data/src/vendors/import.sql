-- $1 org, then by vendor: $2 key, $3 name, $4 country, $5 contact's address, $6 their name, $7 their language; gives of each that was
-- written whether it is new
INSERT INTO vendors AS v (org_id, key, name, country, contact_email, contact_name, contact_language)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
ON CONFLICT (org_id, key) DO UPDATE
SET name = EXCLUDED.name, country = coalesce(EXCLUDED.country, v.country),
    contact_email = coalesce(EXCLUDED.contact_email, v.contact_email),
    contact_name = coalesce(EXCLUDED.contact_name, v.contact_name),
    contact_language = coalesce(EXCLUDED.contact_language, v.contact_language), version = v.version + 1, updated_at = now()
WHERE (v.name, v.country, v.contact_email, v.contact_name, v.contact_language) IS DISTINCT FROM
    (EXCLUDED.name, coalesce(EXCLUDED.country, v.country), coalesce(EXCLUDED.contact_email, v.contact_email),
     coalesce(EXCLUDED.contact_name, v.contact_name), coalesce(EXCLUDED.contact_language, v.contact_language))
RETURNING old.key IS NULL
