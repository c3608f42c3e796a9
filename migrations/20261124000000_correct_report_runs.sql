-- Runs that make reports of a former run again: those whose figures the books give otherwise now.
ALTER TABLE report_runs DROP CONSTRAINT report_runs_trigger_check;
ALTER TABLE report_runs
    ADD CONSTRAINT report_runs_trigger_check CHECK (trigger IN ('due', 'catch_up', 'run_now', 'correction')),
    ADD COLUMN corrects uuid,
    ADD FOREIGN KEY (org_id, corrects) REFERENCES report_runs (org_id, id) ON DELETE SET NULL (corrects),
    ADD CHECK (corrects IS NULL OR trigger = 'correction');

-- A run of either kind has one report for each set of rights.
DROP INDEX reports_of_run;
CREATE UNIQUE INDEX reports_of_run ON reports (run_id, on_behalf_of, md5(scope::text));
CREATE INDEX reports_correcting ON reports (corrected_of) WHERE corrected_of IS NOT NULL;

-- How many reports of these runs showed what the books say otherwise now, and have not been made again. A report is seen by whom it was
-- made for; that there are such is for those to know who send reports to others.
GRANT SELECT (run_id, corrected_of, status, differences) ON reports TO shelfline_service;
CREATE FUNCTION service.count_outdated_reports(runs uuid[]) RETURNS TABLE (run_id uuid, reports bigint)
LANGUAGE sql STABLE
AS $$
    SELECT r.run_id, count(*)
    FROM public.reports r
    WHERE r.org_id = wall.current_org() AND r.run_id = ANY (runs) AND jsonb_array_length(r.differences) > 0
        AND NOT EXISTS (SELECT FROM public.reports c WHERE c.org_id = r.org_id AND c.corrected_of = r.id AND c.status <> 'failed')
        AND wall.may('reports:write')
    GROUP BY r.run_id
$$;
CALL wall.serve('service.count_outdated_reports(uuid[])');
