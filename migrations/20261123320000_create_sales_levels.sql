-- Sums of sums: `sales_rollup` has nearly as many groups as there are rows, and most questions ask for few of its columns. A level
-- leaves some of them out. Triggers on the rollup keep the levels, so whoever writes one has written the other.
CREATE TABLE sales_levels (
    org_id uuid NOT NULL,
    -- 1: day, 2: month, 3: day and store, 4: month and store, 5: month and product.
    level smallint NOT NULL CHECK (level BETWEEN 1 AND 5),
    -- The first day of the month, where days are left out.
    counts_on date NOT NULL,
    -- In every level: vendors are booked at the same time, and two of them never wait for one row.
    vendor text NOT NULL,
    store text,
    store_kind text,
    product_ean text,
    currency text NOT NULL,
    country text,
    line_class text NOT NULL,
    channel text NOT NULL,
    records bigint NOT NULL,
    quantity numeric NOT NULL,
    with_quantity bigint NOT NULL,
    amount_local numeric NOT NULL,
    with_amount bigint NOT NULL,
    amount_eur numeric NOT NULL,
    with_euro bigint NOT NULL,
    unconverted bigint NOT NULL,
    paired_quantity numeric NOT NULL,
    paired_eur numeric NOT NULL,
    -- That are in this group and in no other: they can be added up. The others are in `spread_orders`. Zero where products are told apart.
    orders bigint NOT NULL DEFAULT 0,
    UNIQUE NULLS NOT DISTINCT
        (org_id, level, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class, channel)
);
CALL wall.protect('sales_levels');
CALL wall.guard('sales_levels', '{analytics:read,sales:read,uploads:write,uploads:approve,catalogue:write}',
    '{uploads:write,uploads:approve,catalogue:write}');
-- Levels without stores are not seen by whoever is limited to some: such a subject reads others.
CALL wall.limit_rows('sales_levels', 'vendor', 'store', 'country');

-- Where orders are that are in several groups of a day, store, country, currency or class. Returns are no orders.
CREATE TABLE spread_orders (
    org_id uuid NOT NULL,
    vendor text NOT NULL,
    order_id text NOT NULL,
    counts_on date NOT NULL,
    store text,
    store_kind text,
    currency text NOT NULL,
    country text,
    line_class text NOT NULL
);
CREATE INDEX spread_orders_order ON spread_orders (org_id, vendor, order_id);
CREATE INDEX spread_orders_day ON spread_orders (org_id, counts_on);
CALL wall.protect('spread_orders');
CALL wall.guard('spread_orders', '{analytics:read,sales:read,uploads:write,uploads:approve,catalogue:write}',
    '{uploads:write,uploads:approve,catalogue:write}');
CALL wall.limit_rows('spread_orders', 'vendor', 'store', 'country');

-- The statement that adds rows of `sales_rollup` to the levels, and says of which groups nothing is left: `rows` is a query for them,
-- with what is lost as negative sums.
CREATE FUNCTION wall.levels_statement(rows text) RETURNS text
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($statement$
        WITH by_store AS MATERIALIZED (
            SELECT org_id, counts_on, vendor, store, store_kind, currency, country, line_class, channel, %1$s FROM (%2$s) AS r
            GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
        ), added AS (
            INSERT INTO sales_levels AS kept (org_id, level, counts_on, vendor, store, store_kind, product_ean, currency, country,
                line_class, channel, records, quantity, with_quantity, amount_local, with_amount, amount_eur, with_euro,
                unconverted, paired_quantity, paired_eur)
            SELECT org_id, 1, counts_on, vendor, NULL, store_kind, NULL, currency, country, line_class, channel, %1$s
            FROM by_store GROUP BY 1, 3, 4, 6, 8, 9, 10, 11
            UNION ALL
            SELECT org_id, 2, date_trunc('month', counts_on::timestamp)::date, vendor, NULL, store_kind, NULL, currency, country,
                line_class, channel, %1$s
            FROM by_store GROUP BY 1, 3, 4, 6, 8, 9, 10, 11
            UNION ALL
            SELECT org_id, 3, counts_on, vendor, store, store_kind, NULL, currency, country, line_class, channel, records, quantity,
                with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur
            FROM by_store
            UNION ALL
            SELECT org_id, 4, date_trunc('month', counts_on::timestamp)::date, vendor, store, store_kind, NULL, currency, country,
                line_class, channel, %1$s
            FROM by_store GROUP BY 1, 3, 4, 5, 6, 8, 9, 10, 11
            UNION ALL
            SELECT org_id, 5, date_trunc('month', counts_on::timestamp)::date, vendor, NULL, store_kind, product_ean, currency, country,
                line_class, channel, %1$s
            FROM (%2$s) AS r GROUP BY 1, 3, 4, 6, 7, 8, 9, 10, 11
            ON CONFLICT (org_id, level, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class, channel)
            DO UPDATE SET records = kept.records + excluded.records,
                quantity = kept.quantity + excluded.quantity,
                with_quantity = kept.with_quantity + excluded.with_quantity,
                amount_local = kept.amount_local + excluded.amount_local,
                with_amount = kept.with_amount + excluded.with_amount,
                amount_eur = kept.amount_eur + excluded.amount_eur,
                with_euro = kept.with_euro + excluded.with_euro,
                unconverted = kept.unconverted + excluded.unconverted,
                paired_quantity = kept.paired_quantity + excluded.paired_quantity,
                paired_eur = kept.paired_eur + excluded.paired_eur
            RETURNING kept.org_id, kept.level, kept.counts_on, kept.vendor, kept.records
        )
        SELECT jsonb_agg(DISTINCT jsonb_build_object('org_id', org_id, 'level', level, 'counts_on', counts_on, 'vendor', vendor))
        FROM added WHERE records = 0
        $statement$,
        'sum(records) AS records, sum(quantity) AS quantity, sum(with_quantity) AS with_quantity,
         sum(amount_local) AS amount_local, sum(with_amount) AS with_amount, sum(amount_eur) AS amount_eur, sum(with_euro) AS with_euro,
         sum(unconverted) AS unconverted, sum(paired_quantity) AS paired_quantity, sum(paired_eur) AS paired_eur',
        rows)
$$;

CREATE FUNCTION wall.keep_levels() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    said constant text := 'SELECT org_id, vendor, counts_on, store, store_kind, product_ean, currency, country, line_class, channel, ';
    gained constant text := said || 'records, quantity, with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted,
        paired_quantity, paired_eur FROM gained';
    lost constant text := said || '-records AS records, -quantity AS quantity, -with_quantity AS with_quantity,
        -amount_local AS amount_local, -with_amount AS with_amount, -amount_eur AS amount_eur, -with_euro AS with_euro,
        -unconverted AS unconverted, -paired_quantity AS paired_quantity, -paired_eur AS paired_eur FROM lost';
    emptied jsonb;
BEGIN
    EXECUTE wall.levels_statement(CASE TG_OP WHEN 'INSERT' THEN gained WHEN 'DELETE' THEN lost ELSE gained || ' UNION ALL ' || lost END)
        INTO emptied;
    IF emptied IS NOT NULL THEN
        DELETE FROM sales_levels kept
        USING jsonb_to_recordset(emptied) AS e (org_id uuid, level smallint, counts_on date, vendor text)
        WHERE (kept.org_id, kept.level, kept.counts_on, kept.vendor) = (e.org_id, e.level, e.counts_on, e.vendor) AND kept.records = 0;
    END IF;
    RETURN NULL;
END
$$;
GRANT EXECUTE ON FUNCTION wall.levels_statement(text) TO shelfline_app;

CREATE TRIGGER keep_levels_gained AFTER INSERT ON sales_rollup REFERENCING NEW TABLE AS gained
    FOR EACH STATEMENT EXECUTE FUNCTION wall.keep_levels();
CREATE TRIGGER keep_levels_lost AFTER DELETE ON sales_rollup REFERENCING OLD TABLE AS lost
    FOR EACH STATEMENT EXECUTE FUNCTION wall.keep_levels();
CREATE TRIGGER keep_levels_changed AFTER UPDATE ON sales_rollup REFERENCING NEW TABLE AS gained OLD TABLE AS lost
    FOR EACH STATEMENT EXECUTE FUNCTION wall.keep_levels();

-- Counts orders of a vendor anew: on the days whose lines changed, and on others that orders of these days have lines on. NULL: on
-- all days. An order is alone where all its lines lie in one group; only such orders can be added up.
CREATE FUNCTION wall.count_orders(wanted_org uuid, wanted_vendor text, changed date[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    days date[];
    months date[];
BEGIN
    IF NOT EXISTS (SELECT FROM ecommerce_orders WHERE org_id = wanted_org AND vendor = wanted_vendor)
        AND NOT EXISTS (SELECT FROM spread_orders WHERE org_id = wanted_org AND vendor = wanted_vendor)
    THEN
        RETURN;
    END IF;
    DROP TABLE IF EXISTS pg_temp.touched_orders, pg_temp.order_places;
    CREATE TEMP TABLE touched_orders ON COMMIT DROP AS
    SELECT order_id FROM ecommerce_orders
    WHERE org_id = wanted_org AND vendor = wanted_vendor AND active AND line_class <> 'return'
        AND (changed IS NULL OR counts_on = ANY (changed))
    UNION
    SELECT order_id FROM spread_orders
    WHERE org_id = wanted_org AND vendor = wanted_vendor AND (changed IS NULL OR counts_on = ANY (changed));

    CREATE TEMP TABLE order_places ON COMMIT DROP AS
    SELECT DISTINCT o.order_id, o.counts_on, coalesce(known.name, o.store) AS store, coalesce(known.kind, o.store_kind) AS store_kind,
        o.currency, coalesce(known.country, o.country) AS country, o.line_class
    FROM pg_temp.touched_orders touched
    JOIN ecommerce_orders o ON o.org_id = wanted_org AND o.vendor = wanted_vendor AND o.order_id = touched.order_id
        AND o.active AND o.line_class <> 'return'
    LEFT JOIN stores known ON known.org_id = o.org_id AND known.id = o.store_id;

    SELECT array_agg(DISTINCT day), array_agg(DISTINCT date_trunc('month', day::timestamp)::date) INTO days, months
    FROM (
        SELECT unnest(changed) AS day
        UNION ALL SELECT counts_on FROM pg_temp.order_places
        UNION ALL SELECT s.counts_on FROM spread_orders s JOIN pg_temp.touched_orders USING (order_id)
        WHERE s.org_id = wanted_org AND s.vendor = wanted_vendor
    ) AS looked_at;

    DELETE FROM spread_orders s USING pg_temp.touched_orders t
    WHERE s.org_id = wanted_org AND s.vendor = wanted_vendor AND s.order_id = t.order_id;
    INSERT INTO spread_orders (org_id, vendor, order_id, counts_on, store, store_kind, currency, country, line_class)
    SELECT wanted_org, wanted_vendor, order_id, counts_on, store, store_kind, currency, country, line_class
    FROM pg_temp.order_places JOIN (
        SELECT order_id FROM pg_temp.order_places GROUP BY order_id HAVING count(*) > 1
    ) AS spread USING (order_id);

    UPDATE sales_levels SET orders = 0
    WHERE org_id = wanted_org AND vendor = wanted_vendor AND orders <> 0
        AND (level IN (1, 3) AND counts_on = ANY (days) OR level IN (2, 4) AND counts_on = ANY (months));
    INSERT INTO sales_levels AS kept (org_id, level, counts_on, vendor, store, store_kind, currency, country, line_class, channel, records,
        quantity, with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur, orders)
    SELECT wanted_org, 3, counts_on, wanted_vendor, store, store_kind, currency, country, line_class, 'online', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        count(DISTINCT order_id)
    FROM (
        SELECT o.order_id, o.counts_on, coalesce(known.name, o.store) AS store, coalesce(known.kind, o.store_kind) AS store_kind,
            o.currency, coalesce(known.country, o.country) AS country, o.line_class
        FROM ecommerce_orders o LEFT JOIN stores known ON known.org_id = o.org_id AND known.id = o.store_id
        WHERE o.org_id = wanted_org AND o.vendor = wanted_vendor AND o.counts_on = ANY (days) AND o.active AND o.line_class <> 'return'
            AND NOT EXISTS (
                SELECT FROM spread_orders s WHERE s.org_id = wanted_org AND s.vendor = wanted_vendor AND s.order_id = o.order_id
            )
    ) AS alone
    GROUP BY 3, 5, 6, 7, 8, 9
    ON CONFLICT (org_id, level, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class, channel)
    DO UPDATE SET orders = excluded.orders;
    INSERT INTO sales_levels AS kept (org_id, level, counts_on, vendor, store, store_kind, currency, country, line_class, channel, records,
        quantity, with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur, orders)
    SELECT wanted_org, coarser.level, coarser.counts_on, wanted_vendor, coarser.store, store_kind, currency, country, line_class, channel,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, sum(orders)
    FROM sales_levels l, LATERAL (VALUES
        (1, l.counts_on, NULL), (2, date_trunc('month', l.counts_on::timestamp)::date, NULL),
        (4, date_trunc('month', l.counts_on::timestamp)::date, l.store)
    ) AS coarser (level, counts_on, store)
    WHERE l.org_id = wanted_org AND l.level = 3 AND l.vendor = wanted_vendor AND l.orders > 0
        AND l.counts_on BETWEEN (SELECT min(m) FROM unnest(months) AS m)
            AND (SELECT max(m) + interval '1 month' FROM unnest(months) AS m)
        AND coarser.counts_on = ANY (CASE coarser.level WHEN 1 THEN days ELSE months END)
    GROUP BY 2, 3, 5, 6, 7, 8, 9, 10
    ON CONFLICT (org_id, level, counts_on, vendor, store, store_kind, product_ean, currency, country, line_class, channel)
    DO UPDATE SET orders = excluded.orders;
    DROP TABLE pg_temp.touched_orders, pg_temp.order_places;
END
$$;
GRANT EXECUTE ON FUNCTION wall.count_orders(uuid, text, date[]) TO shelfline_app;

-- What is in the books already.
ALTER TABLE sales_rollup NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sales_levels NO FORCE ROW LEVEL SECURITY;
ALTER TABLE spread_orders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ecommerce_orders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE stores NO FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
    EXECUTE wall.levels_statement('TABLE sales_rollup');
    PERFORM wall.count_orders(org_id, vendor, NULL) FROM (SELECT DISTINCT org_id, vendor FROM ecommerce_orders) AS shops;
END
$$;
ALTER TABLE sales_rollup FORCE ROW LEVEL SECURITY;
ALTER TABLE sales_levels FORCE ROW LEVEL SECURITY;
ALTER TABLE spread_orders FORCE ROW LEVEL SECURITY;
ALTER TABLE ecommerce_orders FORCE ROW LEVEL SECURITY;
ALTER TABLE stores FORCE ROW LEVEL SECURITY;

-- A check for every sum: whose rows may be written is decided by the wall, and organisations stay.
ALTER TABLE sales_rollup DROP CONSTRAINT sales_rollup_org_id_fkey;

-- Stores that have sold, without a look at every sum.
CALL wall.report('sales_levels', 'org_id, level, vendor, store, store_kind, country');
GRANT CREATE ON SCHEMA reporting TO shelfline_reporting;
CREATE OR REPLACE VIEW reporting.stores AS
SELECT r.org_id AS tenant_id, r.vendor AS reseller, r.store, max(r.store_kind) AS store_kind, max(s.city) AS city,
    CASE WHEN count(DISTINCT r.country) = 1 THEN max(r.country) END AS country
FROM public.sales_levels r
LEFT JOIN public.stores s ON s.org_id = r.org_id AND s.vendor = r.vendor AND s.name = r.store
WHERE r.level = 4 AND r.store IS NOT NULL
GROUP BY r.org_id, r.vendor, r.store;
REVOKE CREATE ON SCHEMA reporting FROM shelfline_reporting;
