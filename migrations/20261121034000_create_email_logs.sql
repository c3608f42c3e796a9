-- Outbox and log of mails in one: a mail is written in the transaction that causes it, a queue message wakes its sender.
CREATE TABLE email_logs (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    type text NOT NULL,
    recipient text NOT NULL,
    -- What the mail tells, as the template of its type wants it.
    payload jsonb NOT NULL,
    upload_id uuid,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sending', 'sent', 'failed')),
    -- Also the fence: only the worker of the newest attempt may record an outcome.
    attempts integer NOT NULL DEFAULT 0,
    -- Until when the worker of the newest attempt has it to itself.
    leased_until timestamptz,
    -- Known once it was rendered.
    subject text,
    size_bytes bigint,
    -- Given by the mail service.
    message_id text,
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    FOREIGN KEY (org_id, upload_id) REFERENCES uploads (org_id, id),
    CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
    CHECK ((status = 'sending') = (leased_until IS NOT NULL))
);
CALL wall.protect('email_logs', 'SELECT, INSERT, UPDATE');
CREATE INDEX email_logs_by_age ON email_logs (org_id, id DESC);
CREATE INDEX email_logs_by_upload ON email_logs (org_id, upload_id);
CREATE INDEX email_logs_unsent ON email_logs (created_at) WHERE status IN ('queued', 'sending');

-- Mails that nobody works on although their wake-up was sent long ago. The sweep knows no tenant.
CALL wall.allow_service('email_logs', 'id, org_id, status, leased_until, created_at');
CREATE FUNCTION service.list_unsent_emails(older_than interval, most integer)
RETURNS TABLE (org_id uuid, email_id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT e.org_id, e.id FROM public.email_logs e
    WHERE e.status IN ('queued', 'sending')
        AND e.created_at < now() - older_than
        AND coalesce(e.leased_until, '-infinity') < now()
    ORDER BY e.created_at
    LIMIT most
$$;
CALL wall.serve('service.list_unsent_emails(interval, integer)');
