-- What rows print about their products, and what it was taken for; distinct. $1 org, $2 vendor or NULL for all
SELECT DISTINCT vendor, json_build_array(printed_ean, product_codes, vendor_product_code, product_name, product_ean,
    product_match)::text AS identity
FROM (
    SELECT vendor, printed_ean, product_codes, vendor_product_code, product_name, product_ean, product_match
    FROM sellout_entries WHERE org_id = $1 AND ($2::text IS NULL OR vendor = $2)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    UNION ALL
    SELECT vendor, printed_ean, product_codes, vendor_product_code, product_name, product_ean, product_match
    FROM ecommerce_orders WHERE org_id = $1 AND ($2::text IS NULL OR vendor = $2)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
) AS printed
