-- A known organisation: seven vendors, ten products, three years. Every figure follows from the names by md5.
INSERT INTO vendors (org_id, key, name, country) VALUES
    ('{org}', 'liberty', 'Liberty', 'GB'), ('{org}', 'galilu', 'Galilu', 'PL'), ('{org}', 'boxnox', 'Boxnox', NULL),
    ('{org}', 'aromateque', 'Aromateque', 'FR'), ('{org}', 'skins_nl', 'Skins NL', 'NL'), ('{org}', 'skins_sa', 'Skins SA', 'SA'),
    ('{org}', 'webshop', 'Brand Shop', NULL);
INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor)
SELECT md5('upload' || key)::uuid, '{org}', key || '.xlsx', 1, 'api', key, '2025-11-05T08:00:00Z', key
FROM vendors WHERE org_id = '{org}';
INSERT INTO products (org_id, ean, sku, name, category, size, kind, active, list_price_eur) VALUES
    ('{org}', '7350154320022', 'BBGOT100', 'GOLDEN TERRACE 100 ML', 'Perfume', '100', 'regular', true, 196),
    ('{org}', '7350154320039', 'BBGOT30', 'GOLDEN TERRACE 30 ML', 'Perfume', '30', 'regular', true, 108),
    ('{org}', '7350154320046', 'BBMM100', 'MARBLE MARKET 100 ML', 'Perfume', '100', 'regular', true, 196),
    ('{org}', '7350154320053', 'BBMM30', 'MARBLE MARKET 30 ML', 'Perfume', '30', 'regular', true, 108),
    ('{org}', '7350154320060', 'BBVP100', 'VELVET PIANO 100 ML', 'Perfume', '100', 'regular', true, 196),
    ('{org}', '7350154320077', 'BBVPA100', 'VELVET PARADE 100 ML', 'Perfume', '100', 'regular', true, 210),
    ('{org}', '7350154320084', 'BBQL100', 'QUIET LIBRARY 100 ML', 'Perfume', '100', 'regular', true, 196),
    ('{org}', '7350154320091', 'BBHPC', 'HONEY POSTCARD CANDLE', 'Candle', '220', 'regular', true, 65),
    ('{org}', '7350154320107', 'BBPLC', 'PAINTED LANTERN CANDLE', 'Candle', '220', 'regular', true, 65),
    ('{org}', '7350154320114', 'BBDIS', 'DISCOVERY SET', 'Set', '10', 'regular', true, 40);

-- A number from 0 to `below` - 1 that follows from a text.
CREATE FUNCTION pg_temp.dice(seed text, below integer) RETURNS integer LANGUAGE sql IMMUTABLE
AS $$ SELECT (('x' || substr(md5(seed), 1, 7))::bit(28)::integer) % below $$;

INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, store, store_kind, country, city, product_ean,
    line_class, quantity, amount_local, currency, amount_eur, vat_included, source_row, key_hash, content_hash, active)
SELECT '{org}', md5('upload' || vendor)::uuid, vendor, 'main', month, (month + interval '1 month')::date - 1, store, kind,
    country, city, ean, class, CASE class WHEN 'return' THEN -1 ELSE pieces END,
    CASE class WHEN 'return' THEN -1 ELSE pieces END * unit / rate, currency,
    CASE class WHEN 'return' THEN -1 WHEN 'tester' THEN 0 ELSE pieces END * unit, vat, 1, '', '', true
FROM (VALUES
    ('liberty', 'Flagship', 'physical', 'GB', 'London', 'GBP', 1.25, true, date '2023-01-01', date '2025-10-01'),
    ('liberty', 'Heathrow', 'physical', 'GB', 'London', 'GBP', 1.25, true, '2023-01-01', '2025-10-01'),
    ('liberty', 'Liberty Online', 'online', 'GB', NULL, 'GBP', 1.25, true, '2023-01-01', '2025-10-01'),
    ('galilu', 'Mokotowska', 'physical', 'PL', 'Warsaw', 'PLN', 0.25, true, '2023-01-01', '2025-10-01'),
    ('galilu', 'Krakowska', 'physical', 'PL', 'Krakow', 'PLN', 0.25, true, '2023-04-01', '2025-10-01'),
    ('boxnox', 'Mitte', 'physical', 'DE', 'Berlin', 'EUR', 1, false, '2023-01-01', '2025-10-01'),
    ('boxnox', 'Graben', 'physical', 'AT', 'Vienna', 'EUR', 1, false, '2023-01-01', '2025-10-01'),
    ('aromateque', 'Marais', 'physical', 'FR', 'Paris', 'EUR', 1, true, '2023-01-01', '2025-04-01'),
    ('skins_nl', 'Utrecht', 'physical', 'NL', 'Utrecht', 'EUR', 1, true, '2023-01-01', '2025-10-01'),
    ('skins_sa', 'Riyadh Park', 'physical', 'SA', 'Riyadh', 'EUR', 1, false, '2024-06-01', '2025-10-01')
) AS s (vendor, store, kind, country, city, currency, rate, vat, first, last)
CROSS JOIN (VALUES
    ('7350154320022', 160.00, date '2023-01-01', date '2025-10-01'), ('7350154320039', 90.00, '2023-01-01', '2025-10-01'),
    ('7350154320046', 160.50, '2023-01-01', '2025-10-01'), ('7350154320053', 88.80, '2023-01-01', '2025-10-01'),
    ('7350154320060', 155.25, '2023-01-01', '2025-10-01'), ('7350154320077', 171.10, '2023-01-01', '2025-10-01'),
    ('7350154320084', 149.90, '2024-03-01', '2025-10-01'), ('7350154320091', 51.30, '2023-01-01', '2025-10-01'),
    ('7350154320107', 49.99, '2023-01-01', '2025-02-01')
) AS p (ean, price, began, ended)
CROSS JOIN LATERAL generate_series(greatest(s.first, p.began), least(s.last, p.ended), interval '1 month') AS m (at)
CROSS JOIN LATERAL (SELECT at::date AS month) AS d
CROSS JOIN LATERAL (VALUES ('sale'), ('return'), ('tester')) AS c (class)
CROSS JOIN LATERAL (SELECT
    1 + pg_temp.dice(store || ean || month, 9) + CASE WHEN extract(month FROM month) IN (11, 12) THEN 6 ELSE 0 END AS pieces,
    round(price * (0.95 + 0.01 * pg_temp.dice(vendor || ean || month, 11)), 2) AS unit) AS f
WHERE pg_temp.dice('sold' || class || store || ean || month, 10) < CASE class WHEN 'sale' THEN 8 ELSE 1 END;

INSERT INTO ecommerce_orders (id, org_id, upload_id, vendor, line_key, order_id, period_start, period_end, sale_date, country,
    city, product_ean, line_class, quantity, amount_local, amount_eur, currency, vat_included, is_gift, utm_source, utm_medium,
    utm_campaign, device, source_row, key_hash, content_hash, active)
SELECT md5('line' || day || n || line)::uuid, '{org}', md5('uploadwebshop')::uuid, 'webshop', day || '-' || n || '-' || line,
    day || '-' || n, day, day, day, country, city, ean, class, CASE class WHEN 'return' THEN -1 ELSE pieces END,
    CASE class WHEN 'return' THEN -1 ELSE pieces END * price, CASE class WHEN 'return' THEN -1 ELSE pieces END * price, 'EUR', true,
    false, (ARRAY['google', 'instagram', 'newsletter', NULL])[1 + pg_temp.dice('utm' || day || n, 4)],
    (ARRAY['cpc', 'social', 'email', NULL])[1 + pg_temp.dice('utm' || day || n, 4)],
    (ARRAY['spring_launch', 'autumn_glow', NULL])[1 + pg_temp.dice('campaign' || day || n, 3)],
    (ARRAY['mobile', 'desktop', 'tablet'])[1 + pg_temp.dice('device' || day || n, 3)], 1, '', '', true
FROM generate_series(date '2023-06-01', date '2025-11-20', interval '2 days') AS g (at)
CROSS JOIN LATERAL (SELECT at::date AS day) AS d
CROSS JOIN generate_series(1, 2) AS n
CROSS JOIN LATERAL generate_series(1, 1 + pg_temp.dice('lines' || day || n, 3)) AS line
CROSS JOIN LATERAL (SELECT (ARRAY['DE', 'FR', 'GB', 'NL', 'US'])[1 + pg_temp.dice('country' || day || n, 5)] AS country,
    (ARRAY['Berlin', 'Lyon', 'Leeds', 'Utrecht', 'Boston'])[1 + pg_temp.dice('country' || day || n, 5)] AS city) AS w
CROSS JOIN LATERAL (SELECT * FROM (VALUES
    (0, '7350154320022', 196.00), (1, '7350154320039', 108.00), (2, '7350154320046', 196.00), (3, '7350154320060', 196.00),
    (4, '7350154320077', 210.00), (5, '7350154320091', 65.00), (6, '7350154320114', 40.00)
) AS p (place, ean, price) WHERE place = pg_temp.dice('product' || day || n || line, 7)) AS p
CROSS JOIN LATERAL (SELECT 1 + pg_temp.dice('pieces' || day || n || line, 2) AS pieces,
    CASE WHEN pg_temp.dice('class' || day || n || line, 20) = 0 THEN 'return' ELSE 'sale' END AS class) AS q;

INSERT INTO ecommerce_costs (org_id, id, cost_of_goods, payment_fee)
SELECT org_id, id, (18 + pg_temp.dice('cost' || product_ean, 20)) * quantity, round(0.03 * amount_eur, 2) FROM ecommerce_orders
WHERE org_id = '{org}' AND line_class = 'sale' AND pg_temp.dice('cost' || id, 10) < 9;

INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version, stated_at,
    document_kind, records, quantity, change, active)
SELECT '{org}', upload_id, vendor, 'main', period_start, period_end, currency, 1, '2025-11-05T08:00:00Z',
    'snapshot', count(*), sum(quantity), 'new', true
FROM sellout_entries WHERE org_id = '{org}' GROUP BY upload_id, vendor, period_start, period_end, currency;
