-- Sums as `sales` has them: level 0 is the rollup itself.
WITH summed AS (
    SELECT level, CASE WHEN level IN (2, 4, 5) THEN date_trunc('month', counts_on::timestamp)::date ELSE counts_on END AS starts, vendor,
        CASE WHEN level IN (0, 3, 4) THEN store END AS at_store, store_kind, CASE WHEN level IN (0, 5) THEN product_ean END AS of_product,
        currency, country, line_class, channel, count(*) AS records, coalesce(sum(quantity), 0) AS quantity,
        count(quantity) AS with_quantity, coalesce(sum(amount_local), 0) AS amount_local, count(amount_local) AS with_amount,
        coalesce(sum(amount_eur), 0) AS amount_eur, count(amount_eur) AS with_euro,
        count(*) FILTER (WHERE amount_local IS NOT NULL AND amount_eur IS NULL) AS unconverted,
        coalesce(sum(quantity) FILTER (WHERE amount_eur IS NOT NULL), 0) AS paired_quantity,
        coalesce(sum(amount_eur) FILTER (WHERE quantity IS NOT NULL), 0) AS paired_eur
    FROM sales, generate_series(0, 5) AS level WHERE org_id = $1
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
), kept_sums AS (
    SELECT 0 AS level, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class, channel, records, quantity,
        with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur
    FROM sales_rollup WHERE org_id = $1
    UNION ALL
    SELECT level, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class, channel, records, quantity,
        with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur
    FROM sales_levels WHERE org_id = $1
), places AS (
    SELECT vendor, order_id, counts_on, store, store_kind, currency, country, line_class,
        count(*) OVER (PARTITION BY vendor, order_id) > 1 AS spread
    FROM (
        SELECT DISTINCT vendor, order_id, counts_on, store, store_kind, currency, country, line_class
        FROM sales WHERE org_id = $1 AND channel = 'online' AND line_class <> 'return'
    ) AS each
), spread AS (
    SELECT vendor, order_id, counts_on, store, store_kind, currency, country, line_class FROM places WHERE spread
), kept_spread AS (
    SELECT vendor, order_id, counts_on, store, store_kind, currency, country, line_class FROM spread_orders WHERE org_id = $1
), alone AS (
    SELECT level, CASE WHEN level IN (2, 4) THEN date_trunc('month', counts_on::timestamp)::date ELSE counts_on END AS starts, vendor,
        CASE WHEN level IN (3, 4) THEN store END AS at_store, store_kind, currency, country, line_class, count(*) AS orders
    FROM places, generate_series(1, 4) AS level WHERE NOT spread
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), kept_alone AS (
    SELECT level, counts_on, vendor, store, store_kind, currency, country, line_class, orders
    FROM sales_levels WHERE org_id = $1 AND orders <> 0
)
SELECT (SELECT count(*) FROM ((TABLE summed EXCEPT ALL TABLE kept_sums) UNION ALL (TABLE kept_sums EXCEPT ALL TABLE summed)))
    + (SELECT count(*) FROM ((TABLE spread EXCEPT ALL TABLE kept_spread) UNION ALL (TABLE kept_spread EXCEPT ALL TABLE spread)))
    + (SELECT count(*) FROM ((TABLE alone EXCEPT ALL TABLE kept_alone) UNION ALL (TABLE kept_alone EXCEPT ALL TABLE alone)))
