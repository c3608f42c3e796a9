-- $1 org, $2 ids, then what they become
UPDATE {rows} r
SET product_ean = c.ean, product_match = c.match, line_class = c.line_class, amount_local = c.amount_local,
    amount_eur = c.amount_eur, rate = c.rate, rate_month = c.rate_month, rate_source = c.rate_source
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::numeric[], $9::date[],
    $10::text[]) AS c (id, ean, match, line_class, amount_local, amount_eur, rate, rate_month, rate_source)
WHERE r.org_id = $1 AND r.id = c.id
RETURNING r.vendor, r.counts_on, r.period_start, r.period_end, r.derived IS NOT NULL AS derived
