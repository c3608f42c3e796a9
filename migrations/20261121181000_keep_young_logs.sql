-- Not even the job removes what is younger than the shortest rule allows.
CREATE POLICY only_old ON model_calls AS RESTRICTIVE FOR DELETE TO shelfline_app USING (created_at < now() - interval '30 days');
CREATE POLICY only_old ON email_logs AS RESTRICTIVE FOR DELETE TO shelfline_app USING (created_at < now() - interval '30 days');

-- Retention is about everybody's stored answers, and it acts for nobody.
ALTER POLICY own ON idempotency_keys
    USING ((SELECT wall.current_subject()) IS NULL OR subject = (SELECT wall.current_subject()))
    WITH CHECK (subject = coalesce((SELECT wall.current_subject()), '00000000-0000-0000-0000-000000000000'));
