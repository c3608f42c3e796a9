-- $1 org, $2 vendor, $3 order, $4 from, $5 to, $6 product, $7 country, $8 utm_source, $9 and $10 after, $11 limit
SELECT DISTINCT o.vendor, o.order_id
FROM ecommerce_orders o
LEFT JOIN stores s ON s.org_id = o.org_id AND s.id = o.store_id
WHERE o.org_id = $1 AND o.active
    AND ($2::text IS NULL OR o.vendor = $2)
    AND ($3::text IS NULL OR o.order_id = $3)
    AND ($4::date IS NULL OR o.counts_on >= $4)
    AND ($5::date IS NULL OR o.counts_on <= $5)
    AND ($6::text IS NULL OR o.product_ean = $6)
    AND ($7::text IS NULL OR coalesce(s.country, o.country) = $7)
    AND ($8::text IS NULL OR o.utm_source = $8)
    AND ($9::text IS NULL OR (o.vendor, o.order_id) > ($9, $10))
ORDER BY o.vendor, o.order_id
LIMIT $11
