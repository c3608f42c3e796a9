-- The tenant wall. Everything later stands behind it, so it comes first.
--
-- Roles are cluster-wide while migrations run per database: two databases of one cluster may migrate at once,
-- so losing the race for a role is fine. Passwords are set by db-migrate, never here.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            -- The application: owns nothing, bypasses nothing.
            ('shelfline_app', 'LOGIN NOINHERIT'),
            -- Queries that we did not write (questions, MCP): sees reporting views only.
            ('shelfline_reader', 'LOGIN NOINHERIT'),
            -- Owner of the few functions that must look across tenants; nobody logs in as it.
            ('shelfline_service', 'NOLOGIN NOINHERIT')
        ) AS roles (name, options)
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.options);
            IF wanted.name = 'shelfline_reader' THEN
                EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', wanted.name);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    -- An administrator without superuser rights (RDS) must be a member to hand functions over to the service role.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT shelfline_service TO %I', current_user);
    END IF;
END
$$;

CREATE SCHEMA wall;
CREATE SCHEMA service;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO shelfline_app, shelfline_service;
GRANT USAGE ON SCHEMA wall TO shelfline_app, shelfline_reader;
GRANT USAGE ON SCHEMA service TO shelfline_app;
GRANT USAGE, CREATE ON SCHEMA service TO shelfline_service;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- The signing key as the two padded blocks of HMAC-SHA256. No application role can read it.
CREATE TABLE wall.keys (
    id smallint PRIMARY KEY CHECK (id = 1),
    inner_pad bytea NOT NULL CHECK (octet_length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (octet_length(outer_pad) = 64)
);

-- What a signature is bound to besides the backend: this very transaction.
CREATE FUNCTION wall.transaction_nonce() RETURNS text
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$ SELECT (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint::text $$;

-- The tenant of this transaction, or NULL: the setting 'org|pid|nonce|hmac' counts only when its signature was made
-- with the wall key for this backend and this transaction. Policies call it once a statement, as
-- (SELECT wall.current_org()).
CREATE FUNCTION wall.current_org() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parts text[] := string_to_array(current_setting('app.tenant', true), '|');
    signed bytea;
BEGIN
    IF array_length(parts, 1) IS DISTINCT FROM 4
        OR parts[2] IS DISTINCT FROM pg_backend_pid()::text
        OR parts[3] IS DISTINCT FROM wall.transaction_nonce()
    THEN
        RETURN NULL;
    END IF;
    signed := convert_to(parts[1] || '|' || parts[2] || '|' || parts[3], 'UTF8');
    IF parts[4] IS DISTINCT FROM (
        SELECT encode(sha256(outer_pad || sha256(inner_pad || signed)), 'hex') FROM wall.keys WHERE id = 1
    ) THEN
        RETURN NULL;
    END IF;
    RETURN parts[1]::uuid;
END
$$;
GRANT EXECUTE ON FUNCTION wall.transaction_nonce(), wall.current_org() TO shelfline_app, shelfline_reader;

-- Puts a table with tenant data behind the wall: FORCE RLS, one policy for the application, its privileges.
-- `tenant_column` is `org_id` everywhere but in `organizations`.
CREATE PROCEDURE wall.protect(
    target regclass,
    privileges text DEFAULT 'SELECT, INSERT, UPDATE, DELETE',
    tenant_column name DEFAULT 'org_id'
)
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY tenant ON %s TO shelfline_app USING (%I = (SELECT wall.current_org())) '
        'WITH CHECK (%I = (SELECT wall.current_org()))',
        target, tenant_column, tenant_column
    );
    EXECUTE format('GRANT %s ON %s TO shelfline_app', privileges, target);
END
$$;
REVOKE ALL ON PROCEDURE wall.protect(regclass, text, name) FROM PUBLIC;

-- Lets the service role see chosen columns across tenants, for the functions in schema `service`.
CREATE PROCEDURE wall.allow_service(target regclass, columns text)
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('CREATE POLICY service ON %s FOR SELECT TO shelfline_service USING (true)', target);
    EXECUTE format('GRANT SELECT (%s) ON %s TO shelfline_service', columns, target);
END
$$;
REVOKE ALL ON PROCEDURE wall.allow_service(regclass, text) FROM PUBLIC;

-- Hands a function to the service role and lets the application call it.
CREATE PROCEDURE wall.serve(target regprocedure)
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp', target);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO shelfline_app', target);
    EXECUTE format('ALTER FUNCTION %s OWNER TO shelfline_service', target);
END
$$;
REVOKE ALL ON PROCEDURE wall.serve(regprocedure) FROM PUBLIC;
