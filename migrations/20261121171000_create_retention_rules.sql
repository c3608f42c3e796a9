-- How long things are kept that are no books: an organisation's rules, within bounds, and what holds without one.
CREATE TABLE wall.retention_kinds (
    name text PRIMARY KEY CHECK (name ~ '^[a-z_]+$'),
    meaning text NOT NULL,
    days integer NOT NULL,
    least_days integer NOT NULL,
    most_days integer NOT NULL,
    CHECK (least_days <= days AND days <= most_days)
);
INSERT INTO wall.retention_kinds (name, meaning, days, least_days, most_days) VALUES
    ('sessions', 'Sessions with their addresses, after they have ended or can be used no more.', 90, 1, 400),
    ('refresh_tokens', 'Hashes of refresh tokens, after they have expired.', 30, 1, 400),
    ('user_tokens', 'Hashes of tokens in mails, after they have expired.', 7, 1, 90),
    ('idempotency_keys', 'Stored answers to requests with an Idempotency-Key.', 2, 1, 30),
    ('rejects', 'Rows that could not be taken, of uploads that count for nothing any more.', 365, 30, 3650),
    ('emails', 'The log of mails that were sent or given up.', 400, 30, 3650),
    ('model_calls', 'Calls of a language model: when, how long, how many tokens.', 400, 30, 3650);
GRANT SELECT ON wall.retention_kinds TO shelfline_app;

CREATE TABLE retention_rules (
    org_id uuid NOT NULL REFERENCES organizations (id),
    kind text NOT NULL REFERENCES wall.retention_kinds (name),
    days integer NOT NULL CHECK (days > 0),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, kind)
);
CALL wall.protect('retention_rules');
CALL wall.guard('retention_rules', '{roles:manage}', '{roles:manage}');

-- A log is deleted from by the job alone, whoever may write to it.
GRANT DELETE ON email_logs, model_calls TO shelfline_app;
CREATE POLICY only_by_system ON email_logs AS RESTRICTIVE FOR DELETE TO shelfline_app
    USING ((SELECT wall.may(VARIADIC '{}'::text[])));

-- All organisations, in pages: the job goes through them one by one.
CREATE FUNCTION service.list_organizations(after uuid, max_rows integer) RETURNS SETOF uuid
LANGUAGE sql STABLE
AS $$ SELECT o.id FROM public.organizations o WHERE after IS NULL OR o.id > after ORDER BY o.id LIMIT max_rows $$;
CALL wall.serve('service.list_organizations(uuid, integer)');
