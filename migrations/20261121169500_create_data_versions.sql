-- How often anything changed that answers rest on: figures, names, or who may see what. Whoever keeps an answer asks for this
-- number before giving it again. It is counted when a transaction commits, once, so that bookings wait for each other no longer
-- than a commit takes.
CREATE TABLE data_versions (
    org_id uuid PRIMARY KEY REFERENCES organizations (id),
    version bigint NOT NULL,
    changed_in xid8 NOT NULL
);
CALL wall.protect('data_versions', 'SELECT');
CALL wall.guard('data_versions', NULL, '{}');
CREATE POLICY service ON data_versions TO shelfline_service USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON data_versions TO shelfline_service;

CREATE FUNCTION service.note_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    changed uuid := CASE WHEN TG_OP = 'DELETE' THEN (to_jsonb(old) ->> TG_ARGV[0])::uuid ELSE (to_jsonb(new) ->> TG_ARGV[0])::uuid END;
BEGIN
    INSERT INTO public.data_versions AS kept (org_id, version, changed_in) VALUES (changed, 1, pg_current_xact_id())
    ON CONFLICT (org_id) DO UPDATE SET version = kept.version + 1, changed_in = excluded.changed_in
    WHERE kept.changed_in <> excluded.changed_in;
    RETURN NULL;
END
$$;
CALL wall.serve('service.note_change()');

-- Rows of sales change with a row of one of these alone: an upload, a decision about a product or store, a price, a rate.
DO $$
DECLARE
    watched record;
BEGIN
    FOR watched IN SELECT * FROM (VALUES
        ('uploads', 'INSERT OR DELETE OR UPDATE OF status, reading, vendor, undone_at'), ('reporting_periods', 'INSERT OR DELETE OR UPDATE'),
        ('products', 'INSERT OR DELETE OR UPDATE'), ('product_aliases', 'INSERT OR DELETE OR UPDATE'),
        ('product_prices', 'INSERT OR DELETE OR UPDATE'), ('fx_rates', 'INSERT OR DELETE OR UPDATE'),
        ('stores', 'INSERT OR DELETE OR UPDATE'), ('store_aliases', 'INSERT OR DELETE OR UPDATE'),
        ('vendors', 'INSERT OR DELETE OR UPDATE'), ('known_gaps', 'INSERT OR DELETE OR UPDATE'),
        ('organizations', 'UPDATE'), ('roles', 'INSERT OR DELETE OR UPDATE'), ('policies', 'INSERT OR DELETE OR UPDATE'),
        ('users', 'INSERT OR DELETE OR UPDATE OF role, disabled_at'),
        ('api_keys', 'INSERT OR DELETE OR UPDATE OF scopes, revoked_at, expires_at')
    ) AS w (name, events) LOOP
        EXECUTE format(
            'CREATE CONSTRAINT TRIGGER note_change AFTER %s ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW '
            'EXECUTE FUNCTION service.note_change(%L)',
            watched.events, watched.name, CASE watched.name WHEN 'organizations' THEN 'id' ELSE 'org_id' END
        );
    END LOOP;
END
$$;

-- Of an organisation whose caller the edge has vouched for; a number tells nobody anything.
CREATE FUNCTION service.data_version(wanted_org uuid) RETURNS bigint
LANGUAGE sql STABLE
AS $$ SELECT coalesce((SELECT version FROM public.data_versions WHERE org_id = wanted_org), 0) $$;
CALL wall.serve('service.data_version(uuid)');
