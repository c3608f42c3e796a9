-- Outbox and log of mails in one: a mail is written in the transaction that causes it, a queue message wakes its sender.
CREATE TABLE email_logs (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    type text NOT NULL,
    recipient text NOT NULL,
    -- What the mail tells, as the template of its type wants it.
    payload jsonb NOT NULL,
    upload_id uuid,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'failed')),
    -- A worker that sends it holds the row's lock meanwhile: the lock dies with the worker, so nothing can get stuck.
    attempts integer NOT NULL DEFAULT 0,
    tried_at timestamptz,
    -- Known once it was rendered.
    subject text,
    size_bytes bigint,
    -- Given by the mail service.
    message_id text,
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    FOREIGN KEY (org_id, upload_id) REFERENCES uploads (org_id, id),
    CHECK ((status = 'sent') = (sent_at IS NOT NULL))
);
CALL wall.protect('email_logs', 'SELECT, INSERT, UPDATE');
CREATE INDEX email_logs_by_age ON email_logs (org_id, id DESC);
CREATE INDEX email_logs_by_upload ON email_logs (org_id, upload_id);
CREATE INDEX email_logs_unsent ON email_logs (created_at) WHERE status = 'queued';

-- Mails that nobody tried for a while although their wake-up was sent. The sweep knows no tenant.
CALL wall.allow_service('email_logs', 'id, org_id, status, tried_at, created_at');
CREATE FUNCTION service.list_unsent_emails(quiet_for interval, max_rows integer)
RETURNS TABLE (org_id uuid, email_id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT e.org_id, e.id FROM public.email_logs e
    WHERE e.status = 'queued' AND greatest(e.created_at, e.tried_at) < now() - quiet_for
    ORDER BY e.created_at
    LIMIT max_rows
$$;
CALL wall.serve('service.list_unsent_emails(interval, integer)');
