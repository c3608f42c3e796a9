-- How much an organisation may use: of files and bytes a day, of a language model's tokens a month.

-- What one organisation has instead of the installation's numbers; NULL: as the installation says. Written by whoever runs it.
CREATE TABLE quotas (
    org_id uuid PRIMARY KEY REFERENCES organizations (id),
    files_a_day bigint CHECK (files_a_day >= 0),
    bytes_a_day bigint CHECK (bytes_a_day >= 0),
    ai_tokens_a_month bigint CHECK (ai_tokens_a_month >= 0)
);
CALL wall.protect('quotas', 'SELECT');
CALL wall.guard('quotas', NULL, '{}');
CALL wall.allow_service('quotas', 'org_id, files_a_day, bytes_a_day, ai_tokens_a_month');

-- What was used, counted in the transaction that uses it.
CREATE TABLE quota_usage (
    org_id uuid NOT NULL REFERENCES organizations (id),
    what text NOT NULL CHECK (what IN ('files', 'bytes', 'ai_tokens')),
    -- First day of the day or month, in UTC.
    since date NOT NULL,
    used bigint NOT NULL,
    PRIMARY KEY (org_id, what, since)
);
CALL wall.protect('quota_usage', 'SELECT');
CALL wall.guard('quota_usage', NULL, '{}');
CALL wall.allow_service('quota_usage', 'org_id, what, since, used');
GRANT INSERT, UPDATE ON quota_usage TO shelfline_service;
CREATE POLICY service_count ON quota_usage FOR INSERT TO shelfline_service WITH CHECK (true);
CREATE POLICY service_recount ON quota_usage FOR UPDATE TO shelfline_service USING (true) WITH CHECK (true);

-- Uses so much of a quota of this transaction's organisation, unless it would be more than there is. The row's lock, held to the
-- commit, makes it exact whoever uses it at the same time; what is rolled back was not used. A negative amount gives back; without
-- a limit nothing is refused.
CREATE FUNCTION service.use_quota(wanted text, amount bigint, installation_limit bigint)
RETURNS TABLE (granted boolean, quota bigint, ends_in bigint)
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    org uuid := wall.current_org();
    unit text := CASE WHEN wanted = 'ai_tokens' THEN 'month' ELSE 'day' END;
    begun timestamp := date_trunc(unit, now() AT TIME ZONE 'UTC');
    own bigint := (
        SELECT CASE wanted WHEN 'files' THEN q.files_a_day WHEN 'bytes' THEN q.bytes_a_day ELSE q.ai_tokens_a_month END
        FROM public.quotas q WHERE q.org_id = org
    );
    allowed bigint := coalesce(own, installation_limit);
BEGIN
    INSERT INTO public.quota_usage (org_id, what, since, used) VALUES (org, wanted, begun::date, 0) ON CONFLICT DO NOTHING;
    UPDATE public.quota_usage u SET used = greatest(u.used + amount, 0)
    WHERE u.org_id = org AND u.what = wanted AND u.since = begun::date AND (amount <= 0 OR installation_limit IS NULL OR u.used + amount <= allowed);
    RETURN QUERY SELECT FOUND, coalesce(allowed, 0), ceil(extract(epoch FROM begun + ('1 ' || unit)::interval - (now() AT TIME ZONE 'UTC')))::bigint;
END
$$;
CALL wall.serve('service.use_quota(text, bigint, bigint)');

-- The request that had a file read last, and the one that a mail comes from: any short text that its caller chose.
ALTER TABLE uploads ALTER COLUMN request_id TYPE text;
ALTER TABLE email_logs ADD COLUMN request_id text;
