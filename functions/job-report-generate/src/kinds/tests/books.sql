-- Books of a brand with four vendors: 26 months up to February 2026, a vendor that has not reported the last one, a month without
-- its rate, returns, and a web shop with orders and costs.
INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor, status, created_at, finished_at)
SELECT uuidv7(), '{org}', vendor || '.xlsx', 1, 'api', 'k-' || vendor, '2026-03-05T08:00:00Z', vendor, 'completed',
    '2026-02-20T08:00:00Z', '2026-02-20T08:00:05Z'
FROM unnest(ARRAY['boxnox', 'galilu', 'liberty', 'webshop']) AS v (vendor);
INSERT INTO vendors (org_id, key, name) VALUES
    ('{org}', 'liberty', 'Liberty'), ('{org}', 'boxnox', 'Boxnox'), ('{org}', 'galilu', 'Galilu Łódź'), ('{org}', 'webshop', 'Own web shop');
INSERT INTO products (org_id, ean, sku, name, category, size, kind, active)
SELECT '{org}', '95298430' || lpad(n::text, 5, '0'), 'AV' || n, (ARRAY['Marble Market', 'Augusta Noon', 'Żółty Ogród', 'Fig & Smoke', 'Salt Road'])[n % 5 + 1] || ' ' || n,
    (ARRAY['Perfume', 'Candle', 'Body'])[n % 3 + 1], (ARRAY['50', '100', '220'])[n % 3 + 1], 'regular', true
FROM generate_series(1, 24) AS n;
INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, store, store_kind, country, product_ean,
    product_name, line_class, quantity, amount_local, currency, amount_eur, vat_included, source_row, key_hash, content_hash, active)
SELECT '{org}', u.id, v.vendor, 'main', m::date, (m + interval '1 month')::date - 1, v.store, v.kind, v.country,
    '95298430' || lpad(n::text, 5, '0'), 'As printed ' || n, CASE WHEN n % 12 = 0 THEN 'return' ELSE 'sale' END,
    sign(n % 12 - 0.5) * pieces, sign(n % 12 - 0.5) * pieces * (20 + n), v.currency,
    CASE WHEN v.currency = 'PLN' AND m = '2026-02-01' THEN NULL ELSE round(sign(n % 12 - 0.5) * pieces * (20 + n) * v.rate, 8) END,
    true, n, '', '', true
FROM (VALUES
        ('boxnox', 'Warsaw', 'physical', 'PL', 'EUR', 1.0), ('boxnox', 'Berlin', 'physical', 'DE', 'EUR', 1.0),
        ('galilu', 'Mokotów', 'physical', 'PL', 'PLN', 0.2345), ('liberty', 'London', 'physical', 'GB', 'GBP', 1.1567),
        ('liberty', 'Online', 'online', 'GB', 'GBP', 1.1567)
    ) AS v (vendor, store, kind, country, currency, rate)
JOIN uploads u ON u.org_id = '{org}' AND u.vendor = v.vendor
CROSS JOIN generate_series(timestamp '2024-01-01', '2026-02-01', '1 month') AS m
CROSS JOIN generate_series(1, 24) AS n
CROSS JOIN LATERAL (SELECT 1 + (n * 7 + extract(month FROM m)::integer * 5 + extract(year FROM m)::integer) % 9) AS p (pieces)
-- Liberty is silent about February 2026.
WHERE NOT (v.vendor = 'liberty' AND m = '2026-02-01');
INSERT INTO ecommerce_orders (id, org_id, upload_id, vendor, line_key, order_id, period_start, period_end, sale_date, country, city,
    product_ean, product_name, line_class, quantity, amount_local, amount_eur, currency, rate, vat_included, is_gift, source_row, key_hash,
    content_hash, active)
SELECT uuidv7(), '{org}', u.id, 'webshop', n::text, 'o' || n / 2, day, day, day, 'DE', 'Berlin', '95298430' || lpad((n % 24 + 1)::text, 5, '0'),
    'Web ' || n, 'sale', 1, 30 + n % 50, 30 + n % 50, 'EUR', 1, true, false, n, '', '', true
FROM uploads u, generate_series(0, 1499) AS n, LATERAL (SELECT date '2024-01-05' + n / 2) AS d (day)
WHERE u.org_id = '{org}' AND u.vendor = 'webshop';
INSERT INTO ecommerce_costs (org_id, id, cost_of_goods, payment_fee)
SELECT org_id, id, 12, 1 FROM ecommerce_orders WHERE org_id = '{org}';
INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version, stated_at, document_kind,
    records, quantity, change, active)
SELECT e.org_id, e.upload_id, e.vendor, 'main', e.period_start, e.period_end, e.currency, 1, e.period_end + interval '4 days', 'snapshot',
    count(*), sum(e.quantity), 'new', true
FROM sellout_entries e WHERE e.org_id = '{org}' GROUP BY 1, 2, 3, 5, 6, 7
UNION ALL
SELECT o.org_id, o.upload_id, 'webshop', 'main', min(o.sale_date), max(o.sale_date), 'EUR', NULL, now(), 'increment', count(*), sum(o.quantity),
    'new', true
FROM ecommerce_orders o WHERE o.org_id = '{org}' GROUP BY 1, 2;
