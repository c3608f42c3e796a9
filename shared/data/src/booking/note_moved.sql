
INSERT INTO pg_temp.moved
SELECT period_start, period_end, counts_on, store_id, store, store_kind, product_ean, currency, country, line_class,
    CASE WHEN active THEN 1 ELSE -1 END, CASE WHEN active THEN quantity ELSE -quantity END,
    CASE WHEN active THEN amount_local ELSE -amount_local END, CASE WHEN active THEN amount_eur ELSE -amount_eur END,
    key_hash, content_hash
FROM moving WHERE cut = 'main'
