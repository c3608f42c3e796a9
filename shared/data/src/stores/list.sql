-- $1 org, $2 vendor or NULL, $3 id or NULL, $4 after or NULL, $5 limit
SELECT st.id, st.vendor, st.name, st.kind, st.city, st.country, st.created_at, st.updated_at, st.archived_at, st.version,
    (
        SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'spelling', a.spelling, 'source', a.source,
            'created_at', a.created_at, 'created_by', a.created_by) ORDER BY a.spelling_key), '[]')
        FROM store_aliases a
        WHERE a.org_id = $1 AND a.store_id = st.id AND a.withdrawn_at IS NULL
    ) AS spellings,
    (SELECT count(*) FROM sellout_entries e
        WHERE e.org_id = $1 AND e.store_id = st.id AND e.active AND e.cut = 'main')
    + (SELECT count(*) FROM ecommerce_orders o WHERE o.org_id = $1 AND o.store_id = st.id AND o.active) AS rows
FROM stores st
WHERE st.org_id = $1 AND ($2::text IS NULL OR st.vendor = $2) AND ($3::uuid IS NULL OR st.id = $3)
    AND ($4::uuid IS NULL OR st.id < $4)
ORDER BY st.id DESC
LIMIT $5
