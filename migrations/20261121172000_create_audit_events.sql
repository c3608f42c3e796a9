-- Who did what: written in the transaction of the effect itself, chained by hashes, never changed by anybody.

CREATE TABLE audit_events (
    -- Nil: of the installation, about nobody's organisation; no caller can sign for it.
    org_id uuid NOT NULL,
    -- 1, 2, 3 … within an organisation, without a gap.
    seq bigint NOT NULL CHECK (seq > 0),
    at timestamptz NOT NULL,
    action text NOT NULL CHECK (action ~ '^[a-z][a-z_]{1,59}$'),
    outcome text NOT NULL CHECK (outcome IN ('allowed', 'denied', 'failed')),
    actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'api_key', 'system', 'anonymous')),
    -- No foreign keys: the trail outlives what it is about.
    actor_id uuid,
    subject_kind text,
    subject_id text,
    ip text,
    request_id text,
    -- json, not jsonb: the hash is over the text as it was given.
    details json NOT NULL CHECK (octet_length(details::text) <= 65536),
    -- wall.audit_hash of the hash of the event before and all columns above.
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (org_id, seq, at),
    CHECK ((subject_kind IS NULL) = (subject_id IS NULL))
) PARTITION BY RANGE (at);
CREATE INDEX audit_events_actor ON audit_events (org_id, actor_id, seq);
CREATE INDEX audit_events_subject ON audit_events (org_id, subject_id, seq);

-- The end of each chain: what the last event is, so that none can be cut off.
CREATE TABLE audit_heads (
    org_id uuid PRIMARY KEY,
    seq bigint NOT NULL DEFAULT 0,
    hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length(hash) = 32)
);

-- Beside the missing privileges, for whoever has them: owners and the administrator.
CREATE FUNCTION wall.refuse_change() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is never changed' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE FUNCTION wall.only_onward() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF new.org_id <> old.org_id OR new.seq <= old.seq THEN
        RAISE EXCEPTION 'the audit trail is never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN new;
END
$$;

-- A table of the trail: behind the wall, read by who may, changed by nobody. Statement triggers and policies are not
-- inherited, so each partition gets its own.
CREATE PROCEDURE wall.seal(target regclass)
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY tenant ON %s FOR SELECT TO shelfline_app USING (org_id = (SELECT wall.current_org()))', target
    );
    EXECUTE format(
        'CREATE POLICY may_read ON %s AS RESTRICTIVE FOR SELECT TO shelfline_app USING ((SELECT wall.may(%L)))',
        target, 'audit:read'
    );
    EXECUTE format(
        'CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON %s FOR EACH STATEMENT '
        'EXECUTE FUNCTION wall.refuse_change()', target
    );
END
$$;
REVOKE ALL ON PROCEDURE wall.seal(regclass) FROM PUBLIC;
CALL wall.seal('audit_events');
CALL wall.seal('audit_heads');
DROP TRIGGER refuse_change ON audit_heads;
CREATE TRIGGER refuse_change BEFORE DELETE OR TRUNCATE ON audit_heads FOR EACH STATEMENT EXECUTE FUNCTION wall.refuse_change();
CREATE TRIGGER only_onward BEFORE UPDATE ON audit_heads FOR EACH ROW EXECUTE FUNCTION wall.only_onward();
GRANT SELECT ON audit_events, audit_heads TO shelfline_app;

-- The service role appends, in the one function below. It cannot even read events.
GRANT INSERT ON audit_events TO shelfline_service;
CREATE POLICY service_append ON audit_events FOR INSERT TO shelfline_service WITH CHECK (true);
GRANT SELECT, INSERT ON audit_heads TO shelfline_service;
GRANT UPDATE (seq, hash) ON audit_heads TO shelfline_service;
CREATE POLICY service ON audit_heads TO shelfline_service USING (true) WITH CHECK (true);

-- Every chain begins with its organisation.
CREATE FUNCTION service.begin_audit_trail() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO public.audit_heads (org_id) VALUES (new.id);
    RETURN NULL;
END
$$;
CALL wall.serve('service.begin_audit_trail()');
CREATE TRIGGER begin_audit_trail AFTER INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION service.begin_audit_trail();
ALTER TABLE organizations NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_heads NO FORCE ROW LEVEL SECURITY;
INSERT INTO audit_heads (org_id) SELECT id FROM organizations UNION ALL SELECT '00000000-0000-0000-0000-000000000000';
ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;

-- SHA-256 over the hash before and each field as 'length:text' (in bytes; '-' for none), separated by commas: no two
-- events give the same bytes. `data::audit::chain` says the same in Rust.
CREATE FUNCTION wall.audit_hash(before bytea, VARIADIC fields text[]) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT sha256(before || convert_to(string_agg(coalesce(octet_length(f) || ':' || f, '-'), ',' ORDER BY n), 'UTF8'))
    FROM unnest(fields) WITH ORDINALITY AS given (f, n)
$$;
GRANT EXECUTE ON FUNCTION wall.audit_hash(bytea, text[]) TO shelfline_service;

-- Appends events to the trail of this transaction's organisation, and says where it ends now. Who acts is whom the
-- transaction is signed for; only the system names somebody else (sign-in knows whom it signs in). The row of the head is
-- locked from here to the commit, so this is the last thing a transaction does.
CREATE FUNCTION service.record_audit(events json) RETURNS TABLE (seq bigint, hash bytea)
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    org uuid := wall.current_org();
    signed uuid := wall.current_subject();
    head public.audit_heads;
    event json;
    kind text;
    actor uuid;
    at timestamptz;
BEGIN
    SELECT h.* INTO head FROM public.audit_heads h WHERE h.org_id = org FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no audit trail for this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR event IN SELECT e.value FROM json_array_elements(events) WITH ORDINALITY AS e (value, n) ORDER BY e.n LOOP
        actor := coalesce(signed, (event ->> 'actor_id')::uuid);
        kind := CASE
            WHEN signed IS NULL THEN event ->> 'actor_kind'
            WHEN EXISTS (SELECT FROM public.api_keys k WHERE k.id = signed) THEN 'api_key'
            ELSE 'user'
        END;
        at := clock_timestamp();
        head.seq := head.seq + 1;
        head.hash := wall.audit_hash(
            head.hash, org::text, head.seq::text, (extract(epoch FROM at) * 1000000)::bigint::text,
            event ->> 'action', event ->> 'outcome', kind, actor::text, event ->> 'subject_kind', event ->> 'subject_id',
            event ->> 'ip', event ->> 'request_id', event ->> 'details'
        );
        INSERT INTO public.audit_events VALUES (
            org, head.seq, at, event ->> 'action', event ->> 'outcome', kind, actor, event ->> 'subject_kind',
            event ->> 'subject_id', event ->> 'ip', event ->> 'request_id', (event ->> 'details')::json, head.hash
        );
    END LOOP;
    UPDATE public.audit_heads h SET seq = head.seq, hash = head.hash WHERE h.org_id = org;
    RETURN QUERY SELECT head.seq, head.hash;
END
$$;
CALL wall.serve('service.record_audit(json)');

-- Makes the partitions of this month and the next three; the number made. The migration, each deployment and the sweep
-- call it. What comes before its partition lies in the default one, and stays there.
CREATE FUNCTION service.extend_audit_trail() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    month timestamp;
    partition text;
    made integer := 0;
BEGIN
    FOR month IN SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n) FROM generate_series(0, 3) AS n LOOP
        partition := 'audit_events_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass('public.' || partition) IS NOT NULL;
        BEGIN
            EXECUTE format(
                'CREATE TABLE public.%I PARTITION OF public.audit_events FOR VALUES FROM (%L) TO (%L)',
                partition, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC'
            );
            CALL wall.seal(format('public.%I', partition)::regclass);
            made := made + 1;
        EXCEPTION
            -- Somebody else makes it, or events of its month came first.
            WHEN duplicate_table OR check_violation THEN NULL;
        END;
    END LOOP;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION service.extend_audit_trail() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION service.extend_audit_trail() TO shelfline_app;

CREATE TABLE audit_events_default PARTITION OF audit_events DEFAULT;
CALL wall.seal('audit_events_default');
SELECT service.extend_audit_trail();
