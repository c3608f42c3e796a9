-- One file that entered the system, from its announcement to its end.
CREATE TABLE uploads (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    file_name text NOT NULL CHECK (char_length(file_name) BETWEEN 1 AND 300),
    -- Announced by the sender; of a drop, what the bucket says.
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    source text NOT NULL CHECK (source IN ('api', 'drop')),
    mode text NOT NULL DEFAULT 'commit' CHECK (mode IN ('commit', 'validate')),
    status text NOT NULL DEFAULT 'pending' CHECK (status IN (
        'pending', 'processing', 'completed', 'needs_review', 'duplicate', 'rejected', 'failed', 'undone', 'expired'
    )),
    object_key text NOT NULL,
    -- Of a drop: which write of the object this is, so that a redelivered event finds the same upload.
    drop_identity text CHECK ((drop_identity IS NOT NULL) = (source = 'drop')),
    -- When the sender said it: among statements about the same period the latest counts.
    stated_at timestamptz NOT NULL,
    vendor_hint text,
    vendor text,
    vendor_confidence double precision CHECK (vendor_confidence BETWEEN 0 AND 1),
    layout text,
    rows_read bigint NOT NULL DEFAULT 0,
    rows_accepted bigint NOT NULL DEFAULT 0,
    rows_rejected bigint NOT NULL DEFAULT 0,
    rows_ignored bigint NOT NULL DEFAULT 0,
    -- What was reported when the upload ended, in the shapes of the API.
    periods jsonb NOT NULL DEFAULT '[]',
    changes jsonb NOT NULL DEFAULT '{"added": 0, "changed": 0, "removed": 0, "unchanged": 0}',
    totals jsonb NOT NULL DEFAULT '[]',
    warnings jsonb NOT NULL DEFAULT '[]',
    questions jsonb NOT NULL DEFAULT '[]',
    error jsonb,
    -- What people decided: [{"id", "value"}], and {"by", "at", "reason"}.
    answers jsonb NOT NULL DEFAULT '[]',
    approval jsonb,
    attempts integer NOT NULL DEFAULT 0,
    -- Until when the worker that holds it can live.
    lease_until timestamptz,
    -- The upload that took the same bytes before.
    duplicate_of uuid REFERENCES uploads (id),
    created_by uuid,
    request_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    undone_at timestamptz,
    undone_by uuid,
    UNIQUE (org_id, id),
    UNIQUE (org_id, object_key, drop_identity),
    FOREIGN KEY (org_id, created_by) REFERENCES users (org_id, id),
    FOREIGN KEY (org_id, undone_by) REFERENCES users (org_id, id),
    CHECK ((duplicate_of IS NOT NULL) = (status = 'duplicate')),
    CHECK ((error IS NOT NULL) = (status IN ('rejected', 'failed', 'expired'))),
    CHECK ((finished_at IS NULL) = (status IN ('pending', 'processing')))
);
CALL wall.protect('uploads', 'SELECT, INSERT, UPDATE');
-- The duplicate check looks for these bytes among uploads that were taken.
CREATE INDEX uploads_same_bytes ON uploads (org_id, sha256) WHERE status IN ('completed', 'needs_review');
-- The list, newest first: ids are UUID v7.
CREATE INDEX uploads_list ON uploads (org_id, id DESC);
-- The sweep.
CREATE INDEX uploads_unfinished ON uploads (created_at) WHERE status IN ('pending', 'processing');

-- Rows that could not be taken.
CREATE TABLE upload_rejects (
    org_id uuid NOT NULL,
    upload_id uuid NOT NULL,
    position integer NOT NULL,
    sheet text,
    row integer NOT NULL,
    column_name text,
    cell text,
    value text,
    code text NOT NULL,
    message text NOT NULL,
    suggestion text,
    PRIMARY KEY (org_id, upload_id, position),
    FOREIGN KEY (org_id, upload_id) REFERENCES uploads (org_id, id)
);
CALL wall.protect('upload_rejects', 'SELECT, INSERT, DELETE');

-- Totals printed in the file against the sums of the accepted rows.
CREATE TABLE upload_controls (
    org_id uuid NOT NULL,
    upload_id uuid NOT NULL,
    position integer NOT NULL,
    name text NOT NULL,
    sheet text,
    cell text,
    expected numeric NOT NULL,
    actual numeric NOT NULL,
    ok boolean NOT NULL,
    PRIMARY KEY (org_id, upload_id, position),
    FOREIGN KEY (org_id, upload_id) REFERENCES uploads (org_id, id)
);
CALL wall.protect('upload_controls', 'SELECT, INSERT, DELETE');

-- Uploads of all tenants on which nothing has happened since `quiet_since`.
CALL wall.allow_service('uploads', 'id, org_id, status, source, attempts, lease_until, created_at, started_at');
CREATE FUNCTION service.list_stuck_uploads(quiet_since timestamptz, max_rows integer)
RETURNS TABLE (org_id uuid, id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT org_id, id FROM public.uploads
    WHERE status IN ('pending', 'processing')
        AND greatest(created_at, started_at, lease_until) < quiet_since
    ORDER BY created_at
    LIMIT max_rows
$$;
CALL wall.serve('service.list_stuck_uploads(timestamptz, integer)');
