-- Rows of `sales` that an upload states, those that an earlier one stated alike among them.
upload_id = $2
-- Another upload's rows, which this one states as well.
OR EXISTS (
    SELECT FROM reporting_periods said
    WHERE said.org_id = sales.org_id AND said.upload_id = $2 AND said.cut = 'main' AND said.vendor = sales.vendor
        AND said.period_start = sales.period_start AND said.period_end = sales.period_end
        AND said.version >= sales.since_version
        AND (sales.until_version IS NULL OR said.version < sales.until_version)
)
OR order_id IS NOT NULL AND content_hash IN (
    SELECT content_hash FROM ecommerce_orders JOIN uploads USING (org_id, reading)
    WHERE upload_id = $2 AND uploads.id = $2
)
