-- $1 org, $2 vendors and $3 numbers of orders
SELECT o.id, o.upload_id, o.vendor, o.order_id, o.counts_on, coalesce(s.name, o.store) AS store, o.product_ean, o.vendor_product_code,
    o.product_name, o.quantity, o.amount_local, o.currency, o.vat_included, o.amount_eur, o.line_class, o.is_gift, c.cost_of_goods,
    c.payment_fee, coalesce(s.country, o.country) AS country, coalesce(s.city, o.city) AS city, o.utm_source, o.utm_medium,
    o.utm_campaign, o.device, o.source_sheet, o.source_row
FROM unnest($2::text[], $3::text[]) AS wanted (vendor, order_id)
JOIN ecommerce_orders o ON o.org_id = $1 AND o.active AND o.vendor = wanted.vendor AND o.order_id = wanted.order_id
LEFT JOIN stores s ON s.org_id = o.org_id AND s.id = o.store_id
LEFT JOIN ecommerce_costs c ON c.org_id = o.org_id AND c.id = o.id
ORDER BY o.vendor, o.order_id, o.counts_on, o.id
