-- Files made of lists and analyses: what was asked, by whom, and how far it is. The bytes lie in a bucket, for a while.
CREATE TABLE exports (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    -- The user or API key that asked. Rows are chosen under the rights it has when they are read; nobody else sees the export.
    requested_by uuid NOT NULL,
    -- As it was asked, and how that was understood.
    source text NOT NULL,
    query jsonb NOT NULL,
    selection jsonb NOT NULL,
    format text NOT NULL CHECK (format IN ('csv', 'xlsx', 'parquet', 'jsonl')),
    number_style text NOT NULL,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'ready', 'failed', 'expired')),
    attempts integer NOT NULL DEFAULT 0,
    rows_done bigint NOT NULL DEFAULT 0,
    -- Known once they were counted.
    rows_total bigint,
    size_bytes bigint,
    -- What the subject might see when the file was made: of one that may see something else now, the file is kept back.
    sight text,
    error jsonb,
    request_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- When somebody worked on it last.
    touched_at timestamptz,
    finished_at timestamptz,
    expires_at timestamptz,
    CHECK ((status IN ('queued', 'running')) = (finished_at IS NULL)),
    CHECK ((status = 'failed') = (error IS NOT NULL)),
    CHECK (status <> 'ready' OR num_nulls(size_bytes, sight, expires_at) = 0)
);
CALL wall.protect('exports');
CALL wall.guard('exports', NULL, NULL);
CREATE POLICY own ON exports AS RESTRICTIVE TO shelfline_app
    USING ((SELECT wall.current_subject()) IS NULL OR requested_by = (SELECT wall.current_subject()))
    WITH CHECK ((SELECT wall.current_subject()) IS NULL OR requested_by = (SELECT wall.current_subject()));
-- What becomes of it is for the job to say.
CREATE POLICY changed_by_system ON exports AS RESTRICTIVE FOR UPDATE TO shelfline_app
    USING ((SELECT wall.may(VARIADIC '{}'::text[])));
CREATE POLICY removed_by_system ON exports AS RESTRICTIVE FOR DELETE TO shelfline_app
    USING ((SELECT wall.may(VARIADIC '{}'::text[])));
CREATE INDEX exports_of_subject ON exports (org_id, requested_by, id DESC);
CREATE INDEX exports_open ON exports (created_at) WHERE status IN ('queued', 'running', 'ready');

-- Exports of all tenants that nobody has worked on since `quiet_since`, and those whose file has to go. The sweep knows no tenant.
CALL wall.allow_service('exports', 'id, org_id, status, touched_at, created_at, expires_at');
CREATE FUNCTION service.list_due_exports(quiet_since timestamptz, max_rows integer)
RETURNS TABLE (org_id uuid, id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT e.org_id, e.id FROM public.exports e
    WHERE e.status IN ('queued', 'running') AND greatest(e.created_at, e.touched_at) < quiet_since
        OR e.status = 'ready' AND e.expires_at < now()
    ORDER BY e.created_at
    LIMIT max_rows
$$;
CALL wall.serve('service.list_due_exports(timestamptz, integer)');

INSERT INTO wall.retention_kinds (name, meaning, days, least_days, most_days) VALUES
    ('exports', 'What was exported, when and by whom, after its file is gone.', 90, 8, 400);
