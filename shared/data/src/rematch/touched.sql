-- $1 after, $2 limit
SELECT r.id, t.ean, t.match, r.product_ean, r.product_match, r.product_name, r.quantity, r.amount_local, r.amount_eur,
    r.derived, r.currency, r.period_start, r.period_end, r.line_class
FROM pg_temp.touched t
JOIN {rows} r ON r.id = t.id
-- Both sides: a merge join would begin with the first row of the table otherwise.
WHERE t.id > $1 AND r.id > $1
ORDER BY t.id
LIMIT $2
