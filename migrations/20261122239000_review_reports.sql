-- Reports whose figures were held against the books after these had changed.
ALTER TABLE reports
    -- How many changes the books had had when that was done last; NULL: never.
    ADD COLUMN reviewed_version bigint,
    -- What it showed of each vendor that is something else now; NULL: nothing.
    ADD COLUMN differences jsonb;

-- Reports of all tenants that show figures of books that have changed since, those looked at longest ago first. The review knows no
-- tenant. Whether figures differ is seen under the rights that each was made under.
GRANT SELECT (kind, data_version, reviewed_version, finished_at) ON reports TO shelfline_service;
CREATE FUNCTION service.list_reports_to_review(max_rows integer)
RETURNS TABLE (org_id uuid, id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT r.org_id, r.id
    FROM public.reports r JOIN public.data_versions v ON v.org_id = r.org_id
    WHERE r.status IN ('ready', 'expired') AND r.finished_at > now() - interval '400 days'
        AND r.kind NOT IN ('data_quality', 'upload_cleaning') AND coalesce(r.reviewed_version, r.data_version) < v.version
    ORDER BY coalesce(r.reviewed_version, r.data_version), r.id DESC
    LIMIT max_rows
$$;
CALL wall.serve('service.list_reports_to_review(integer)');
