-- $1 org, $2 upload, $3 kind, $4 and $5 days of the period
WITH stated AS (
    SELECT DISTINCT vendor, period_start, period_end, version, replaced_version FROM reporting_periods
    WHERE org_id = $1 AND upload_id = $2 AND cut = 'main' AND version IS NOT NULL AND NOT late
        AND version IS DISTINCT FROM replaced_version
        AND ($5::date IS NULL OR period_start <= $5) AND ($4::date IS NULL OR period_end >= $4)
),
-- Rows of one of the two versions; those of both cancel.
entries AS (
    SELECT e.*, e.since_version <= version AND (e.until_version IS NULL OR e.until_version > version) AS stays
    FROM stated JOIN sellout_entries e USING (vendor, period_start, period_end)
    WHERE e.org_id = $1 AND e.cut = 'main'
        AND (e.since_version <= version AND (e.until_version IS NULL OR e.until_version > version)) <> (
            replaced_version IS NOT NULL AND e.since_version <= replaced_version
            AND (e.until_version IS NULL OR e.until_version > replaced_version)
        )
),
lines AS (
    SELECT o.* FROM ecommerce_orders o JOIN uploads u ON u.id = o.upload_id
    WHERE o.org_id = $1 AND o.upload_id = $2 AND o.reading = u.reading AND NOT o.late
),
replaced_lines AS (
    SELECT DISTINCT line_key, replaced_upload_id, replaced_reading FROM lines
),
before AS (
    SELECT e.upload_id, period_start, period_end, e.sale_date, e.store, e.product_ean, e.vendor_product_code,
        e.product_name, e.order_id, e.quantity, e.amount_local, e.currency, e.vat_included, e.line_class, e.country,
        e.city, e.source_sheet, e.source_row, e.source_column, e.id, e.key_hash, e.content_hash
    FROM entries e WHERE NOT stays
    UNION ALL
    SELECT o.upload_id, o.period_start, o.period_end, o.sale_date, o.store, o.product_ean, o.vendor_product_code,
        o.product_name, o.order_id, o.quantity, o.amount_local, o.currency, o.vat_included, o.line_class, o.country,
        o.city, o.source_sheet, o.source_row, o.source_column, o.id, o.key_hash, o.content_hash
    FROM replaced_lines replaced JOIN ecommerce_orders o USING (line_key)
    WHERE o.org_id = $1 AND o.upload_id = replaced.replaced_upload_id AND o.reading = replaced.replaced_reading
),
after AS (
    SELECT e.upload_id, period_start, period_end, e.sale_date, e.store, e.product_ean, e.vendor_product_code,
        e.product_name, e.order_id, e.quantity, e.amount_local, e.currency, e.vat_included, e.line_class, e.country,
        e.city, e.source_sheet, e.source_row, e.source_column, e.id, e.key_hash, e.content_hash
    FROM entries e WHERE stays
    UNION ALL
    SELECT upload_id, period_start, period_end, sale_date, store, product_ean, vendor_product_code,
        product_name, order_id, quantity, amount_local, currency, vat_included, line_class, country,
        city, source_sheet, source_row, source_column, id, key_hash, content_hash
    FROM lines
),
-- The n-th row of a content cancels the n-th one of the other side.
was AS (
    SELECT *, row_number() OVER (PARTITION BY key_hash, content_hash ORDER BY source_row, id) AS n FROM before
),
says AS (
    SELECT *, row_number() OVER (PARTITION BY key_hash, content_hash ORDER BY source_row, id) AS n FROM after
),
went AS (
    SELECT was, key_hash, row_number() OVER (PARTITION BY key_hash ORDER BY source_row, id) AS number FROM was
    WHERE NOT EXISTS (
        SELECT FROM says
        WHERE says.key_hash = was.key_hash AND says.content_hash = was.content_hash AND says.n = was.n
    )
),
came AS (
    SELECT says, key_hash, row_number() OVER (PARTITION BY key_hash ORDER BY source_row, id) AS number FROM says
    WHERE NOT EXISTS (
        SELECT FROM was
        WHERE was.key_hash = says.key_hash AND was.content_hash = says.content_hash AND was.n = says.n
    )
),
paired AS (
    SELECT was, says, key_hash, number,
        CASE WHEN went.number IS NULL THEN 'added' WHEN came.number IS NULL THEN 'removed' ELSE 'changed' END AS kind
    FROM went FULL JOIN came USING (key_hash, number)
),
wanted AS (
    SELECT *, coalesce((says).period_start, (was).period_start) AS period_start,
        coalesce((says).period_end, (was).period_end) AS period_end,
        coalesce((says).store, (was).store) AS store,
        coalesce((says).vendor_product_code, (was).vendor_product_code, (says).product_name, (was).product_name)
            AS product
    FROM paired
    WHERE ($3::text IS NULL OR kind = $3)
        AND ($5::date IS NULL OR coalesce((says).period_start, (was).period_start) <= $5)
        AND ($4::date IS NULL OR coalesce((says).period_end, (was).period_end) >= $4)
)
