-- Sums of rows. $1 org, $2 vendor
INSERT INTO sales_rollup AS kept (org_id, vendor, counts_on, channel, store, store_kind, product_ean, currency, country, line_class,
    records, quantity, with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur)
SELECT $1, $2, counts_on, channel, coalesce(known.name, rows.store), coalesce(known.kind, rows.store_kind), product_ean, currency,
    coalesce(known.country, rows.country), line_class, sum(gain),
    coalesce(sum(quantity), 0), coalesce(sum(gain) FILTER (WHERE quantity IS NOT NULL), 0),
    coalesce(sum(amount_local), 0), coalesce(sum(gain) FILTER (WHERE amount_local IS NOT NULL), 0),
    coalesce(sum(amount_eur), 0), coalesce(sum(gain) FILTER (WHERE amount_eur IS NOT NULL), 0),
    coalesce(sum(gain) FILTER (WHERE amount_local IS NOT NULL AND amount_eur IS NULL), 0),
    coalesce(sum(quantity) FILTER (WHERE amount_eur IS NOT NULL), 0),
    coalesce(sum(amount_eur) FILTER (WHERE quantity IS NOT NULL), 0)
FROM ({rows}) AS rows
LEFT JOIN stores known ON known.id = rows.store_id
GROUP BY 3, 4, 5, 6, 7, 8, 9, 10
