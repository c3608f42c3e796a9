-- Reports: what somebody asked for or what became due, under whose rights it is made, and how far it is. The bytes lie in a bucket,
-- for a while. Schedules ask again and again; a run is what became of one of their due times.

INSERT INTO wall.permissions (name, meaning) VALUES
    ('reports:read', 'Have reports made of what one may see, and get those made for oneself.'),
    ('reports:write', 'Send reports to others, and have them made again and again.');
UPDATE wall.built_in_roles SET permissions = permissions || '{reports:read,reports:write}'::text[]
    WHERE name IN ('owner', 'admin', 'analyst');
UPDATE wall.built_in_roles SET permissions = permissions || '{reports:read}'::text[] WHERE name = 'viewer';
-- What counts changes waits for the commit, and a table with waiting triggers cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE roles NO FORCE ROW LEVEL SECURITY;
UPDATE roles SET permissions = permissions || '{reports:read,reports:write}'::text[]
    WHERE built_in AND name IN ('owner', 'admin', 'analyst');
UPDATE roles SET permissions = permissions || '{reports:read}'::text[] WHERE built_in AND name = 'viewer';
ALTER TABLE roles FORCE ROW LEVEL SECURITY;

CREATE TABLE report_schedules (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    -- The user or key that made or changed it last. It runs under the rights of this one, and with them it stops.
    owner uuid NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    kind text NOT NULL,
    format text NOT NULL,
    locale text NOT NULL,
    -- What it shows, a `domain::ReportScope`.
    scope jsonb NOT NULL,
    cadence jsonb NOT NULL,
    -- Words that a due day makes days of.
    period text NOT NULL,
    -- `domain::ReportRecipient`s: of each an address, and what it gets when it is nobody's login.
    recipients jsonb NOT NULL,
    catch_up text NOT NULL CHECK (catch_up IN ('skip', 'run_once', 'run_all')),
    active boolean NOT NULL DEFAULT true,
    -- NULL: it never comes again.
    next_run_at timestamptz,
    -- Runs in a row that failed.
    failures integer NOT NULL DEFAULT 0,
    -- Why it runs no more, where nobody has paused it.
    stopped jsonb,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (org_id, id),
    CHECK (NOT active OR stopped IS NULL)
);
CALL wall.protect('report_schedules');
CALL wall.guard('report_schedules', '{reports:write}', '{reports:write}');
-- Nobody has something run under the rights of somebody else: what runs is its owner's own will.
CREATE POLICY own_will_insert ON report_schedules AS RESTRICTIVE FOR INSERT TO shelfline_app
    WITH CHECK ((SELECT wall.current_subject()) IS NULL OR owner = (SELECT wall.current_subject()));
CREATE POLICY own_will_update ON report_schedules AS RESTRICTIVE FOR UPDATE TO shelfline_app
    USING (true)
    WITH CHECK ((SELECT wall.current_subject()) IS NULL OR owner = (SELECT wall.current_subject()) OR NOT active);
CREATE INDEX report_schedules_due ON report_schedules (next_run_at) WHERE active;
CREATE INDEX report_schedules_of_org ON report_schedules (org_id, id DESC);

CREATE TABLE report_runs (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    schedule_id uuid NOT NULL,
    -- The due time, or when somebody had it run.
    due_at timestamptz NOT NULL,
    trigger text NOT NULL CHECK (trigger IN ('due', 'catch_up', 'run_now')),
    first_day date NOT NULL,
    last_day date NOT NULL,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'ready', 'partly', 'failed', 'skipped')),
    -- Reports it made, and how many of them failed.
    reports integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    -- Recipients that got none, each with the reason.
    left_out jsonb NOT NULL DEFAULT '[]',
    -- Why it was skipped, or failed.
    reason jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    UNIQUE (org_id, id),
    -- Whatever comes twice: one run for one due time.
    UNIQUE (schedule_id, due_at),
    FOREIGN KEY (org_id, schedule_id) REFERENCES report_schedules (org_id, id) ON DELETE CASCADE,
    CHECK ((status IN ('queued', 'running')) = (finished_at IS NULL))
);
CALL wall.protect('report_runs');
CALL wall.guard('report_runs', '{reports:write}', '{reports:write}');
-- What becomes of it is for jobs to say.
CREATE POLICY changed_by_system ON report_runs AS RESTRICTIVE FOR UPDATE TO shelfline_app
    USING ((SELECT wall.may(VARIADIC '{}'::text[])));
CREATE INDEX report_runs_open ON report_runs (created_at) WHERE status = 'queued';

CREATE TABLE reports (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    -- The user or key that asked; of a schedule its owner.
    requested_by uuid NOT NULL,
    -- The user or key whose rights choose the rows; nobody else sees the report.
    on_behalf_of uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN (
        'sales_summary', 'transactions', 'vendor_scorecard', 'product_performance', 'data_quality', 'upload_cleaning', 'custom')),
    format text NOT NULL CHECK (format IN ('pdf', 'xlsx', 'csv')),
    locale text NOT NULL,
    -- Both inclusive.
    first_day date NOT NULL,
    last_day date NOT NULL,
    -- A `domain::ReportScope`.
    scope jsonb NOT NULL,
    -- Addresses that it is mailed to.
    recipients text[] NOT NULL DEFAULT '{}',
    run_id uuid,
    -- The delivered report whose figures have changed since.
    corrected_of uuid,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'ready', 'failed', 'expired')),
    attempts integer NOT NULL DEFAULT 0,
    -- In percent.
    progress smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    size_bytes bigint,
    -- What the subject might see when the file was made: of one that may see something else now, the file is kept back.
    sight text,
    -- The totals it showed, and how many changes the figures had had by then.
    figures jsonb,
    data_version bigint,
    error jsonb,
    request_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- When somebody worked on it last.
    touched_at timestamptz,
    finished_at timestamptz,
    expires_at timestamptz,
    UNIQUE (org_id, id),
    FOREIGN KEY (org_id, run_id) REFERENCES report_runs (org_id, id) ON DELETE SET NULL (run_id),
    FOREIGN KEY (org_id, corrected_of) REFERENCES reports (org_id, id) ON DELETE SET NULL (corrected_of),
    CHECK (last_day >= first_day),
    CHECK ((status IN ('queued', 'running')) = (finished_at IS NULL)),
    CHECK ((status = 'failed') = (error IS NOT NULL)),
    CHECK (status <> 'ready' OR num_nulls(size_bytes, sight, expires_at) = 0)
);
CALL wall.protect('reports');
CALL wall.guard('reports', '{reports:read,reports:write}', '{reports:read,reports:write}');

-- Who of these is somebody's login here. For those who may send reports: whoever has a login gets what it may see.
CREATE FUNCTION service.find_recipients(addresses text[]) RETURNS TABLE (address text, user_id uuid, is_disabled boolean)
LANGUAGE sql STABLE
AS $$
    SELECT u.email, u.id, u.disabled_at IS NOT NULL
    FROM public.users u
    WHERE u.org_id = wall.current_org() AND u.email = ANY (addresses) AND wall.may('reports:write')
$$;
CALL wall.serve('service.find_recipients(text[])');
GRANT EXECUTE ON FUNCTION wall.may(text[]) TO shelfline_service;

CREATE POLICY own ON reports AS RESTRICTIVE FOR SELECT TO shelfline_app
    USING ((SELECT wall.current_subject()) IS NULL OR on_behalf_of = (SELECT wall.current_subject()));
-- A report under the rights of another user goes to that user and to nobody else.
CREATE POLICY own_or_theirs ON reports AS RESTRICTIVE FOR INSERT TO shelfline_app WITH CHECK (
    (SELECT wall.current_subject()) IS NULL
    OR requested_by = (SELECT wall.current_subject()) AND (
        on_behalf_of = (SELECT wall.current_subject()) AND (recipients = '{}' OR (SELECT wall.may('reports:write')))
        OR cardinality(recipients) = 1 AND on_behalf_of = (
            SELECT r.user_id FROM service.find_recipients(recipients) AS r WHERE NOT r.is_disabled
        )
    )
);
-- What becomes of it is for the job to say.
CREATE POLICY changed_by_system ON reports AS RESTRICTIVE FOR UPDATE TO shelfline_app
    USING ((SELECT wall.may(VARIADIC '{}'::text[])));
CREATE POLICY removed_by_system ON reports AS RESTRICTIVE FOR DELETE TO shelfline_app
    USING ((SELECT wall.may(VARIADIC '{}'::text[])));
CREATE INDEX reports_of_subject ON reports (org_id, on_behalf_of, id DESC);
CREATE INDEX reports_open ON reports (created_at) WHERE status IN ('queued', 'running', 'ready');
-- Of one run everybody gets one report.
CREATE UNIQUE INDEX reports_of_run ON reports (run_id, on_behalf_of, md5(scope::text)) WHERE corrected_of IS NULL;

-- Reports of all tenants that nobody has worked on since `quiet_since`, and those whose file has to go. The sweep knows no tenant.
CALL wall.allow_service('reports', 'id, org_id, status, touched_at, created_at, expires_at');
CREATE FUNCTION service.list_due_reports(quiet_since timestamptz, max_rows integer)
RETURNS TABLE (org_id uuid, id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT r.org_id, r.id FROM public.reports r
    WHERE r.status IN ('queued', 'running') AND greatest(r.created_at, r.touched_at) < quiet_since
        OR r.status = 'ready' AND r.expires_at < now()
    ORDER BY r.created_at
    LIMIT max_rows
$$;
CALL wall.serve('service.list_due_reports(timestamptz, integer)');

-- Schedules of all tenants that are due by then. `report-dispatch` knows no tenant.
CALL wall.allow_service('report_schedules', 'id, org_id, active, next_run_at');
CREATE FUNCTION service.list_due_report_schedules(by_then timestamptz, max_rows integer)
RETURNS TABLE (org_id uuid, id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT s.org_id, s.id FROM public.report_schedules s
    WHERE s.active AND s.next_run_at <= by_then
    ORDER BY s.next_run_at
    LIMIT max_rows
$$;
CALL wall.serve('service.list_due_report_schedules(timestamptz, integer)');

-- Runs that were begun and have no reports yet.
CALL wall.allow_service('report_runs', 'id, org_id, status, created_at');
CREATE FUNCTION service.list_queued_report_runs(max_rows integer)
RETURNS TABLE (org_id uuid, id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT r.org_id, r.id FROM public.report_runs r WHERE r.status = 'queued' ORDER BY r.created_at LIMIT max_rows
$$;
CALL wall.serve('service.list_queued_report_runs(integer)');

INSERT INTO wall.retention_kinds (name, meaning, days, least_days, most_days) VALUES
    ('reports', 'Which reports were made, when and for whom, after their file is gone.', 400, 30, 4000),
    ('report_runs', 'What became of the due times of schedules.', 400, 30, 4000);
