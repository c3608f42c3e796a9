-- What becomes of a mail: each try is announced before it is made, and what the mail service reports later is kept beside it.
ALTER TABLE email_logs
    DROP CONSTRAINT email_logs_status_check,
    DROP CONSTRAINT email_logs_check,
    -- When to try again; of one in `sending`: when its sender has to be given up as dead.
    ADD COLUMN next_try_at timestamptz NOT NULL DEFAULT now(),
    -- The digest that told its reader about it.
    ADD COLUMN digest_id uuid,
    ADD CONSTRAINT email_logs_status_check CHECK (status IN ('queued', 'sending', 'sent', 'delivered', 'bounced',
        'complained', 'failed', 'suppressed', 'muted', 'held', 'digested')),
    ADD CONSTRAINT email_logs_sent_check CHECK (status NOT IN ('sent', 'delivered', 'bounced', 'complained') OR sent_at IS NOT NULL);
DROP INDEX email_logs_unsent;
CREATE INDEX email_logs_unsent ON email_logs (next_try_at) WHERE status IN ('queued', 'sending');
CREATE INDEX email_logs_held ON email_logs (org_id, recipient) WHERE status = 'held';

-- The history of a mail: its tries, and what its way was afterwards. The same report of a mail service comes twice and counts once.
CREATE TABLE email_events (
    org_id uuid NOT NULL REFERENCES organizations (id),
    email_id uuid NOT NULL REFERENCES email_logs (id) ON DELETE CASCADE,
    what text NOT NULL,
    happened_at timestamptz NOT NULL,
    detail text,
    PRIMARY KEY (email_id, what, happened_at)
);
CALL wall.protect('email_events', 'SELECT, INSERT, UPDATE');
CALL wall.guard('email_events', '{emails:read,users:manage}', '{users:manage}');
CREATE POLICY rows_of_subject ON email_events AS RESTRICTIVE FOR SELECT TO shelfline_app USING ((SELECT wall.sees_all()));

-- Addresses that bounced for good or whose reader complained: mails to them would cost the sender its reputation.
CREATE TABLE suppressed_addresses (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    org_id uuid NOT NULL REFERENCES organizations (id),
    address text NOT NULL CHECK (address = lower(address)),
    reason text NOT NULL CHECK (reason IN ('bounce', 'complaint')),
    -- The words of the other mail server.
    detail text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (org_id, address)
);
CALL wall.protect('suppressed_addresses');
CALL wall.guard('suppressed_addresses', '{emails:read,users:manage}', '{users:manage}');
CREATE POLICY rows_of_subject ON suppressed_addresses AS RESTRICTIVE FOR SELECT TO shelfline_app USING ((SELECT wall.sees_all()));

-- Which mails a reader wants otherwise than at once. By address: readers of reports need no account.
CREATE TABLE mail_choices (
    org_id uuid NOT NULL REFERENCES organizations (id),
    address text NOT NULL CHECK (address = lower(address)),
    type text NOT NULL,
    choice text NOT NULL CHECK (choice IN ('off', 'digest')),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, address, type)
);
CALL wall.protect('mail_choices');
CALL wall.guard('mail_choices', NULL, NULL);
-- Everybody's own; those of readers without an account are changed by the system, for who has the link of a mail.
CREATE POLICY own_inserted ON mail_choices AS RESTRICTIVE FOR INSERT TO shelfline_app
    WITH CHECK ((SELECT wall.current_subject()) IS NULL OR address = (SELECT lower(u.email) FROM users u WHERE u.id = (SELECT wall.current_subject())));
CREATE POLICY own_updated ON mail_choices AS RESTRICTIVE FOR UPDATE TO shelfline_app
    USING ((SELECT wall.current_subject()) IS NULL OR address = (SELECT lower(u.email) FROM users u WHERE u.id = (SELECT wall.current_subject())))
    WITH CHECK ((SELECT wall.current_subject()) IS NULL OR address = (SELECT lower(u.email) FROM users u WHERE u.id = (SELECT wall.current_subject())));
-- Whoever erases people takes these away, too.
CREATE POLICY own_seen ON mail_choices AS RESTRICTIVE FOR SELECT TO shelfline_app
    USING ((SELECT wall.may(VARIADIC '{users:manage}'::text[])) OR address = (SELECT lower(u.email) FROM users u WHERE u.id = (SELECT wall.current_subject())));
CREATE POLICY own_removed ON mail_choices AS RESTRICTIVE FOR DELETE TO shelfline_app
    USING ((SELECT wall.may(VARIADIC '{users:manage}'::text[])) OR address = (SELECT lower(u.email) FROM users u WHERE u.id = (SELECT wall.current_subject())));

-- What an organisation says in its mails in its own words.
CREATE TABLE mail_wordings (
    org_id uuid NOT NULL REFERENCES organizations (id),
    type text NOT NULL,
    subject text CHECK (char_length(subject) BETWEEN 1 AND 200),
    intro text CHECK (char_length(intro) BETWEEN 1 AND 1000),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, type),
    CHECK (num_nonnulls(subject, intro) > 0)
);
CALL wall.protect('mail_wordings');
CALL wall.guard('mail_wordings', '{emails:read,roles:manage}', '{roles:manage}');

-- Mails of all tenants that have to be tried: those whose wake-up got lost, and those whose pause is over. The sweep knows no tenant.
GRANT SELECT (attempts, next_try_at, recipient) ON email_logs TO shelfline_service;
CREATE OR REPLACE FUNCTION service.list_unsent_emails(quiet_for interval, max_rows integer)
RETURNS TABLE (org_id uuid, email_id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT e.org_id, e.id FROM public.email_logs e
    WHERE e.status IN ('queued', 'sending') AND e.next_try_at <= now()
        AND (e.attempts > 0 OR e.created_at < now() - quiet_for)
    ORDER BY e.next_try_at
    LIMIT max_rows
$$;
CALL wall.serve('service.list_unsent_emails(interval, integer)');

-- Readers whose mails waited for the digest of this morning: seven o'clock where their organisation is.
GRANT SELECT (time_zone) ON organizations TO shelfline_service;
CREATE FUNCTION service.list_due_digests(max_rows integer)
RETURNS TABLE (org_id uuid, recipient text)
LANGUAGE sql STABLE
AS $$
    SELECT DISTINCT e.org_id, e.recipient
    FROM public.email_logs e
    JOIN public.organizations o ON o.id = e.org_id
    CROSS JOIN LATERAL (SELECT (date_trunc('day', now() AT TIME ZONE o.time_zone) + interval '7 hours') AT TIME ZONE o.time_zone AS morning) d
    WHERE e.status = 'held' AND now() >= d.morning AND e.created_at < d.morning
    LIMIT max_rows
$$;
CALL wall.serve('service.list_due_digests(integer)');
