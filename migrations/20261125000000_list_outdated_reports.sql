-- One definition of a report that is outdated: what showed the books otherwise than they say now, and has not been made again. Runs count them,
-- a correction makes them again. A report is seen by whom it was made for; that there are such is for those to know who send reports to others.
DROP FUNCTION service.count_outdated_reports(uuid[]);
CREATE FUNCTION service.list_outdated_reports(runs uuid[]) RETURNS TABLE (run_id uuid, id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT r.run_id, r.id
    FROM public.reports r
    WHERE r.org_id = wall.current_org() AND r.run_id = ANY (runs) AND jsonb_array_length(r.differences) > 0
        AND NOT EXISTS (SELECT FROM public.reports c WHERE c.org_id = r.org_id AND c.corrected_of = r.id AND c.status <> 'failed')
        AND wall.may('reports:write')
$$;
CALL wall.serve('service.list_outdated_reports(uuid[])');
