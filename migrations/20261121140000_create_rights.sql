-- Who may do what within an organisation, decided by the database: the signed setting of a transaction names its subject
-- as well, and restrictive policies ask what that one may do and which rows it may see.

-- Everything that can be allowed. `edge::Permission` names the same words; a test holds them together.
CREATE TABLE wall.permissions (
    name text PRIMARY KEY CHECK (name ~ '^[a-z]+:[a-z]+$'),
    meaning text NOT NULL
);
INSERT INTO wall.permissions (name, meaning) VALUES
    ('uploads:read', 'See uploads, their rejects, controls, questions and originals.'),
    ('uploads:write', 'Announce, answer, retry, replay and undo uploads; state known gaps.'),
    ('uploads:approve', 'Take an upload although a control does not tie.'),
    ('sales:read', 'See rows of sales.'),
    ('analytics:read', 'See sums, coverage and comparisons.'),
    ('costs:read', 'See the cost of goods and fees.'),
    ('catalogue:write', 'Change products, prices, rates, aliases and stores.'),
    ('vendors:read', 'See vendor profiles.'),
    ('vendors:write', 'Keep, change and switch vendor profiles.'),
    ('emails:read', 'See which mails were sent.'),
    ('users:manage', 'Invite, change, disable and remove users; see their sessions.'),
    ('roles:manage', 'Change roles and policies.'),
    ('keys:manage', 'Make, rotate and revoke API keys.'),
    ('audit:read', 'See and export the audit trail.');

-- What the roles may that every organisation begins with.
CREATE TABLE wall.built_in_roles (
    name text PRIMARY KEY,
    description text NOT NULL,
    permissions text[] NOT NULL
);
INSERT INTO wall.built_in_roles (name, description, permissions) VALUES
    ('owner', 'May do everything, always.', (SELECT array_agg(name ORDER BY name) FROM wall.permissions)),
    ('admin', 'Runs the organisation.', (SELECT array_agg(name ORDER BY name) FROM wall.permissions)),
    ('analyst', 'Brings files in and works with the numbers.', ARRAY[
        'uploads:read', 'uploads:write', 'sales:read', 'analytics:read', 'costs:read', 'catalogue:write',
        'vendors:read', 'vendors:write', 'emails:read'
    ]),
    ('viewer', 'Looks at the numbers.', ARRAY['uploads:read', 'sales:read', 'analytics:read', 'vendors:read']);

CREATE TABLE roles (
    org_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_-]{1,40}$'),
    description text NOT NULL DEFAULT '',
    permissions text[] NOT NULL,
    -- Comes with every organisation; the owner's cannot be changed, none of them removed.
    built_in boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, name)
);
ALTER TABLE organizations NO FORCE ROW LEVEL SECURITY;
INSERT INTO roles (org_id, name, description, permissions, built_in)
SELECT o.id, r.name, r.description, r.permissions, true FROM organizations o, wall.built_in_roles r;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;

-- Whoever inserts an organisation, its roles come with it.
CREATE FUNCTION wall.add_built_in_roles() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO roles (org_id, name, description, permissions, built_in)
    SELECT new.id, r.name, r.description, r.permissions, true FROM wall.built_in_roles r;
    RETURN NULL;
END
$$;
GRANT SELECT ON wall.built_in_roles, wall.permissions TO shelfline_app, shelfline_service;
CREATE TRIGGER add_built_in_roles AFTER INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION wall.add_built_in_roles();

ALTER TABLE users DROP CONSTRAINT users_role_check, ADD FOREIGN KEY (org_id, role) REFERENCES roles (org_id, name);

-- Keys for machines. The secret is shown once and kept as a hash; what a key may do are its scopes and nothing else.
CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- Begins the key and names it in lists and logs.
    prefix text NOT NULL UNIQUE CHECK (prefix ~ '^slk_[a-z0-9]{12}$'),
    secret_hash bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
    -- Answers for what the key does.
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    -- Within a minute.
    last_used_at timestamptz,
    revoked_at timestamptz,
    -- The key that was made in its place; both work until this one expires.
    replaced_by uuid,
    UNIQUE (org_id, id),
    FOREIGN KEY (org_id, created_by) REFERENCES users (org_id, id),
    FOREIGN KEY (org_id, replaced_by) REFERENCES api_keys (org_id, id)
);

-- What one role, user or key may beside or against its role, or which rows it may see.
CREATE TABLE policies (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    org_id uuid NOT NULL REFERENCES organizations (id),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    role text,
    user_id uuid,
    api_key_id uuid,
    -- Of the permission; a denial wins over every allowance.
    effect text CHECK (effect IN ('allow', 'deny')),
    permission text REFERENCES wall.permissions (name),
    -- Rows must match all lists that are given; NULL matches every row. Of several policies one suffices.
    vendors text[] CHECK (cardinality(vendors) > 0),
    stores text[] CHECK (cardinality(stores) > 0),
    countries text[] CHECK (cardinality(countries) > 0),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (org_id, role) REFERENCES roles (org_id, name) ON DELETE CASCADE,
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, api_key_id) REFERENCES api_keys (org_id, id) ON DELETE CASCADE,
    CHECK (num_nonnulls(role, user_id, api_key_id) = 1),
    CHECK ((effect IS NULL) = (permission IS NULL)),
    CHECK ((permission IS NULL) = (num_nonnulls(vendors, stores, countries) > 0)),
    -- Nothing can be taken from the owner.
    CHECK (role IS DISTINCT FROM 'owner')
);
CREATE INDEX policies_org ON policies (org_id);

-- The service role reads all of it to decide; nobody else does across tenants.
CALL wall.allow_service('roles', 'org_id, name, permissions');
CALL wall.allow_service('api_keys', 'id, org_id, prefix, secret_hash, scopes, created_by, expires_at, last_used_at, revoked_at');
CALL wall.allow_service('policies', 'org_id, role, user_id, api_key_id, effect, permission, vendors, stores, countries');

-- The rules about rows of a subject; none: it sees every row.
CREATE FUNCTION service.row_rules(org uuid, subject uuid)
RETURNS TABLE (vendors text[], stores text[], countries text[])
LANGUAGE sql STABLE
AS $$
    SELECT p.vendors, p.stores, p.countries
    FROM public.policies p
    LEFT JOIN public.users u ON u.org_id = org AND u.id = subject
    WHERE p.org_id = org AND p.permission IS NULL AND u.role IS DISTINCT FROM 'owner'
        AND (p.user_id = subject OR p.api_key_id = subject OR p.role = u.role)
$$;
CALL wall.serve('service.row_rules(uuid, uuid)');

-- What a subject may do now: its role's permissions or its key's scopes, what policies add, less what they take. Whoever
-- sees only some rows changes nothing: what changes one row changes sums of all. No row: it may nothing.
CREATE FUNCTION service.rights(org uuid, subject uuid)
RETURNS TABLE (permissions text[])
LANGUAGE sql STABLE
AS $$
    WITH base AS (
        SELECT u.role, r.permissions
        FROM public.users u JOIN public.roles r ON r.org_id = u.org_id AND r.name = u.role
        WHERE u.org_id = org AND u.id = subject AND u.disabled_at IS NULL
        UNION ALL
        SELECT NULL, k.scopes
        FROM public.api_keys k
        WHERE k.org_id = org AND k.id = subject AND k.revoked_at IS NULL AND k.expires_at > now()
    ),
    given AS (
        SELECT unnest(permissions) AS name FROM base
        UNION
        SELECT p.permission FROM public.policies p, base
        WHERE p.org_id = org AND p.effect = 'allow'
            AND (p.user_id = subject OR p.api_key_id = subject OR p.role = base.role)
    )
    SELECT CASE
        WHEN base.role = 'owner' THEN (SELECT array_agg(name ORDER BY name) FROM wall.permissions)
        ELSE (
            SELECT coalesce(array_agg(g.name ORDER BY g.name), '{}')
            FROM given g JOIN wall.permissions known USING (name)
            WHERE NOT EXISTS (
                SELECT FROM public.policies p
                WHERE p.org_id = org AND p.effect = 'deny' AND p.permission = g.name
                    AND (p.user_id = subject OR p.api_key_id = subject OR p.role = base.role)
            ) AND (g.name LIKE '%:read' OR NOT EXISTS (SELECT FROM service.row_rules(org, subject)))
        )
    END
    FROM base
$$;
CALL wall.serve('service.rights(uuid, uuid)');
GRANT USAGE ON SCHEMA wall, service TO shelfline_service;

-- The claim is 'org|subject|pid|nonce|hmac' from now on; an empty subject is the system itself: jobs and sign-in.
CREATE FUNCTION wall.claim() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parts text[] := string_to_array(current_setting('app.tenant', true), '|');
    signed bytea;
BEGIN
    IF array_length(parts, 1) IS DISTINCT FROM 5
        OR parts[3] IS DISTINCT FROM pg_backend_pid()::text
        OR parts[4] IS DISTINCT FROM wall.transaction_nonce()
    THEN
        RETURN NULL;
    END IF;
    signed := convert_to(array_to_string(parts[1:4], '|'), 'UTF8');
    IF parts[5] IS DISTINCT FROM (
        SELECT encode(sha256(outer_pad || sha256(inner_pad || signed)), 'hex') FROM wall.keys WHERE id = 1
    ) THEN
        RETURN NULL;
    END IF;
    RETURN parts[1:2];
END
$$;

CREATE OR REPLACE FUNCTION wall.current_org() RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$ SELECT (wall.claim())[1]::uuid $$;

-- Who acts in this transaction; NULL: the system, or nobody.
CREATE FUNCTION wall.current_subject() RETURNS uuid
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, pg_temp
AS $$ SELECT nullif((wall.claim())[2], '')::uuid $$;

-- Whether the subject of this transaction has one of these permissions. The system may everything. Policies call it once a
-- statement, as (SELECT wall.may('sales:read')).
CREATE FUNCTION wall.may(VARIADIC wanted text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    claim text[] := wall.claim();
BEGIN
    IF claim IS NULL THEN
        RETURN false;
    END IF;
    RETURN claim[2] = '' OR EXISTS (
        SELECT FROM service.rights(claim[1]::uuid, claim[2]::uuid) AS r WHERE r.permissions && wanted
    );
END
$$;

-- Whether the subject of this transaction sees every row of its organisation.
CREATE FUNCTION wall.sees_all() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    claim text[] := wall.claim();
BEGIN
    IF claim IS NULL THEN
        RETURN false;
    END IF;
    RETURN claim[2] = '' OR NOT EXISTS (SELECT FROM service.row_rules(claim[1]::uuid, claim[2]::uuid));
END
$$;

-- The rules of this transaction's subject.
CREATE FUNCTION wall.row_rules() RETURNS TABLE (vendors text[], stores text[], countries text[])
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT r.* FROM service.row_rules(wall.current_org(), wall.current_subject()) AS r $$;

-- Everything the subject of this transaction may do now.
CREATE FUNCTION wall.rights() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    claim text[] := wall.claim();
BEGIN
    IF claim[2] = '' THEN
        RETURN (SELECT array_agg(name) FROM wall.permissions);
    END IF;
    RETURN coalesce((SELECT r.permissions FROM service.rights(claim[1]::uuid, claim[2]::uuid) AS r), '{}');
END
$$;

-- Whether the subject of this transaction is the system or an owner.
CREATE FUNCTION wall.is_owner() RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    claim text[] := wall.claim();
BEGIN
    RETURN claim IS NOT NULL AND (claim[2] = '' OR EXISTS (
        SELECT FROM public.users u
        WHERE u.org_id = claim[1]::uuid AND u.id = claim[2]::uuid AND u.role = 'owner' AND u.disabled_at IS NULL
    ));
END
$$;

-- Nothing else is made there: the right to own these is taken back at once.
GRANT CREATE ON SCHEMA wall TO shelfline_service;
ALTER FUNCTION wall.may(text[]) OWNER TO shelfline_service;
ALTER FUNCTION wall.sees_all() OWNER TO shelfline_service;
ALTER FUNCTION wall.row_rules() OWNER TO shelfline_service;
ALTER FUNCTION wall.rights() OWNER TO shelfline_service;
ALTER FUNCTION wall.is_owner() OWNER TO shelfline_service;
REVOKE CREATE ON SCHEMA wall FROM shelfline_service;
GRANT EXECUTE ON FUNCTION wall.claim(), wall.current_subject(), wall.may(text[]), wall.sees_all(), wall.row_rules(),
    wall.rights(), wall.is_owner() TO shelfline_app, shelfline_reader;
GRANT EXECUTE ON FUNCTION wall.claim(), wall.current_org(), wall.current_subject() TO shelfline_service;

-- Lets only subjects with one of these permissions read and write a table. No permission: the system alone; NULL: whoever
-- belongs to the organisation. Writing needs the right to read as well, so whoever may write is among the readers.
CREATE PROCEDURE wall.guard(target regclass, readers text[], writers text[])
LANGUAGE plpgsql
AS $$
DECLARE
    reads text := CASE WHEN readers IS NULL THEN 'true' ELSE format('(SELECT wall.may(VARIADIC %L::text[]))', readers) END;
    writes text := CASE WHEN writers IS NULL THEN 'true' ELSE format('(SELECT wall.may(VARIADIC %L::text[]))', writers) END;
BEGIN
    EXECUTE format('CREATE POLICY may_read ON %s AS RESTRICTIVE FOR SELECT TO shelfline_app USING (%s)', target, reads);
    EXECUTE format('CREATE POLICY may_insert ON %s AS RESTRICTIVE FOR INSERT TO shelfline_app WITH CHECK (%s)', target, writes);
    EXECUTE format('CREATE POLICY may_update ON %s AS RESTRICTIVE FOR UPDATE TO shelfline_app USING (%s) WITH CHECK (%s)', target, writes, writes);
    EXECUTE format('CREATE POLICY may_delete ON %s AS RESTRICTIVE FOR DELETE TO shelfline_app USING (%s)', target, writes);
END
$$;
REVOKE ALL ON PROCEDURE wall.guard(regclass, text[], text[]) FROM PUBLIC;

-- Shows a limited subject only rows that its rules match. The expressions say what a row's vendor, store and country are;
-- NULL: it has none, and is seen only by rules that do not ask for one.
CREATE PROCEDURE wall.limit_rows(target regclass, vendor text, store text DEFAULT NULL, country text DEFAULT NULL)
LANGUAGE plpgsql
AS $$
DECLARE
    named record;
    matches text := 'true';
BEGIN
    FOR named IN SELECT * FROM (VALUES ('vendors', vendor), ('stores', store), ('countries', country)) AS v (list, value) LOOP
        matches := matches || format(' AND (rule.%1$I IS NULL OR %2$s)', named.list,
            CASE WHEN named.value IS NULL THEN 'false' ELSE format('%s = ANY (rule.%I)', named.value, named.list) END);
    END LOOP;
    EXECUTE format(
        'CREATE POLICY rows_of_subject ON %s AS RESTRICTIVE FOR SELECT TO shelfline_app '
        'USING ((SELECT wall.sees_all()) OR EXISTS (SELECT FROM wall.row_rules() AS rule WHERE %s))', target, matches
    );
END
$$;
REVOKE ALL ON PROCEDURE wall.limit_rows(regclass, text, text, text) FROM PUBLIC;

CALL wall.protect('roles');
CALL wall.protect('policies');
CALL wall.protect('api_keys', 'SELECT, INSERT, UPDATE');
CALL wall.guard('roles', NULL, '{roles:manage}');
CALL wall.guard('policies', '{roles:manage}', '{roles:manage}');
CALL wall.guard('api_keys', '{keys:manage}', '{keys:manage}');
-- Nobody gives what they do not have.
CREATE POLICY may_give ON roles AS RESTRICTIVE TO shelfline_app
    USING (true) WITH CHECK (permissions <@ (SELECT wall.rights()) OR built_in AND (SELECT wall.is_owner()));
CREATE POLICY may_give ON policies AS RESTRICTIVE TO shelfline_app
    USING (true) WITH CHECK (effect IS DISTINCT FROM 'allow' OR ARRAY[permission] <@ (SELECT wall.rights()));
CREATE POLICY may_give ON api_keys AS RESTRICTIVE TO shelfline_app
    USING (true) WITH CHECK (scopes <@ (SELECT wall.rights()));
CALL wall.guard('organizations', NULL, '{}');
CALL wall.guard('users', NULL, '{users:manage}');
CREATE POLICY own_or_managed ON users AS RESTRICTIVE FOR SELECT TO shelfline_app
    USING (id = (SELECT wall.current_subject()) OR (SELECT wall.may('users:manage', 'roles:manage')));
-- Nobody makes, changes or removes a user who may more than they do; owners are made and changed by owners.
CREATE POLICY not_above_insert ON users AS RESTRICTIVE FOR INSERT TO shelfline_app WITH CHECK (
    (role <> 'owner' OR (SELECT wall.is_owner()))
    AND (SELECT wall.rights()) @> (SELECT r.permissions FROM roles r WHERE r.org_id = users.org_id AND r.name = users.role)
);
CREATE POLICY not_above_update ON users AS RESTRICTIVE FOR UPDATE TO shelfline_app USING (
    (role <> 'owner' OR (SELECT wall.is_owner()))
    AND (SELECT wall.rights()) @> (SELECT r.permissions FROM roles r WHERE r.org_id = users.org_id AND r.name = users.role)
);
CREATE POLICY not_above_delete ON users AS RESTRICTIVE FOR DELETE TO shelfline_app USING (
    (role <> 'owner' OR (SELECT wall.is_owner()))
    AND (SELECT wall.rights()) @> (SELECT r.permissions FROM roles r WHERE r.org_id = users.org_id AND r.name = users.role)
);
CALL wall.guard('sessions', '{users:manage}', '{users:manage}');
CALL wall.guard('refresh_tokens', '{}', '{}');
CALL wall.guard('user_tokens', '{users:manage}', '{users:manage}');
CALL wall.guard('mfa_factors', '{users:manage}', '{users:manage}');
CALL wall.guard('mfa_recovery_codes', '{users:manage}', '{users:manage}');
CALL wall.guard('uploads', '{uploads:read,uploads:write,uploads:approve,catalogue:write}',
    '{uploads:write,uploads:approve,catalogue:write}');
CALL wall.guard('upload_rejects', '{uploads:read,uploads:write,uploads:approve,catalogue:write}',
    '{uploads:write,uploads:approve,catalogue:write}');
CALL wall.guard('upload_controls', '{uploads:read,uploads:write,uploads:approve,catalogue:write}',
    '{uploads:write,uploads:approve,catalogue:write}');
CALL wall.guard('reporting_periods', '{uploads:read,analytics:read,uploads:write,uploads:approve,catalogue:write}',
    '{uploads:write,uploads:approve,catalogue:write}');
CALL wall.guard('period_versions', '{uploads:read,analytics:read,uploads:write,uploads:approve,catalogue:write}',
    '{uploads:write,uploads:approve,catalogue:write}');
CALL wall.guard('sellout_entries', '{sales:read,uploads:read,uploads:write,uploads:approve,catalogue:write}',
    '{uploads:write,uploads:approve,catalogue:write}');
CALL wall.guard('ecommerce_orders', '{sales:read,uploads:read,uploads:write,uploads:approve,catalogue:write}',
    '{uploads:write,uploads:approve,catalogue:write}');
CALL wall.guard('sales_rollup', '{analytics:read,sales:read,uploads:write,uploads:approve,catalogue:write}',
    '{uploads:write,uploads:approve,catalogue:write}');
CALL wall.guard('vendor_profiles', NULL, '{vendors:write,uploads:approve}');
CALL wall.guard('email_logs', '{emails:read,users:manage}', '{uploads:write,users:manage}');
CALL wall.guard('products', NULL, '{catalogue:write}');
CALL wall.guard('product_prices', NULL, '{catalogue:write}');
CALL wall.guard('product_aliases', NULL, '{catalogue:write}');
CALL wall.guard('fx_rates', NULL, '{catalogue:write}');
CALL wall.guard('stores', NULL, '{catalogue:write}');
CALL wall.guard('store_aliases', NULL, '{catalogue:write}');
CALL wall.guard('known_gaps', '{analytics:read,uploads:write}', '{uploads:write}');
CALL wall.guard('model_calls', '{uploads:read}', '{}');

-- An answer belongs to whoever got it.
ALTER TABLE idempotency_keys
    ADD COLUMN subject uuid NOT NULL DEFAULT coalesce(wall.current_subject(), '00000000-0000-0000-0000-000000000000'),
    DROP CONSTRAINT idempotency_keys_pkey,
    ADD PRIMARY KEY (org_id, subject, route, key);
CREATE POLICY own ON idempotency_keys AS RESTRICTIVE TO shelfline_app
    USING (subject = coalesce((SELECT wall.current_subject()), '00000000-0000-0000-0000-000000000000'));

CALL wall.limit_rows('sellout_entries', 'vendor',
    'coalesce((SELECT s.name FROM stores s WHERE s.id = store_id), store)',
    'coalesce((SELECT s.country FROM stores s WHERE s.id = store_id), country)');
CALL wall.limit_rows('ecommerce_orders', 'vendor',
    'coalesce((SELECT s.name FROM stores s WHERE s.id = store_id), store)',
    'coalesce((SELECT s.country FROM stores s WHERE s.id = store_id), country)');
CALL wall.limit_rows('sales_rollup', 'vendor', 'store', 'country');
-- What a file says as a whole is about all stores and countries of its vendor.
CALL wall.limit_rows('uploads', 'vendor');
CALL wall.limit_rows('reporting_periods', 'vendor');
CALL wall.limit_rows('period_versions', 'vendor');
CALL wall.limit_rows('known_gaps', 'vendor');
CREATE POLICY rows_of_subject ON upload_rejects AS RESTRICTIVE FOR SELECT TO shelfline_app
    USING ((SELECT wall.sees_all()) OR upload_id IN (SELECT u.id FROM uploads u WHERE u.org_id = upload_rejects.org_id));
CREATE POLICY rows_of_subject ON upload_controls AS RESTRICTIVE FOR SELECT TO shelfline_app
    USING ((SELECT wall.sees_all()) OR upload_id IN (SELECT u.id FROM uploads u WHERE u.org_id = upload_controls.org_id));
CREATE POLICY rows_of_subject ON email_logs AS RESTRICTIVE FOR SELECT TO shelfline_app USING ((SELECT wall.sees_all()));
CREATE POLICY rows_of_subject ON stores AS RESTRICTIVE FOR SELECT TO shelfline_app
    USING ((SELECT wall.sees_all()) OR EXISTS (
        SELECT FROM wall.row_rules() AS rule
        WHERE (rule.stores IS NULL OR name = ANY (rule.stores)) AND (rule.countries IS NULL OR country = ANY (rule.countries))
    ));

-- Costs are rows of their own, so that whoever may not see them does not.
CREATE TABLE ecommerce_costs (
    org_id uuid NOT NULL,
    -- Of the order line.
    id uuid NOT NULL,
    cost_of_goods numeric,
    payment_fee numeric,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, id) REFERENCES ecommerce_orders (org_id, id) ON DELETE CASCADE
);
ALTER TABLE ecommerce_orders NO FORCE ROW LEVEL SECURITY;
INSERT INTO ecommerce_costs (org_id, id, cost_of_goods, payment_fee)
SELECT org_id, id, cost_of_goods, payment_fee FROM ecommerce_orders WHERE num_nonnulls(cost_of_goods, payment_fee) > 0;
ALTER TABLE ecommerce_orders DROP COLUMN cost_of_goods, DROP COLUMN payment_fee;
ALTER TABLE ecommerce_orders FORCE ROW LEVEL SECURITY;
CALL wall.protect('ecommerce_costs', 'SELECT, INSERT');
CALL wall.guard('ecommerce_costs', '{costs:read}', '{}');
CREATE POLICY rows_of_subject ON ecommerce_costs AS RESTRICTIVE FOR SELECT TO shelfline_app
    USING ((SELECT wall.sees_all()) OR id IN (SELECT o.id FROM ecommerce_orders o WHERE o.org_id = ecommerce_costs.org_id));

-- The authorizer: who a user or key is today, and what it may.
DROP FUNCTION service.find_principal(uuid, uuid, uuid);
CREATE FUNCTION service.find_principal(wanted_org uuid, wanted_user uuid, wanted_session uuid)
RETURNS TABLE (email text, role text, token_version integer, permissions text[])
LANGUAGE sql STABLE
AS $$
    SELECT u.email, u.role, u.token_version, r.permissions
    FROM public.users u JOIN public.sessions s ON s.org_id = u.org_id AND s.user_id = u.id,
        service.rights(wanted_org, wanted_user) AS r
    WHERE u.org_id = wanted_org AND u.id = wanted_user AND u.disabled_at IS NULL
        AND s.id = wanted_session AND s.ended_at IS NULL
$$;
CALL wall.serve('service.find_principal(uuid, uuid, uuid)');

CREATE FUNCTION service.find_api_key(wanted_prefix text)
RETURNS TABLE (org_id uuid, id uuid, secret_hash bytea, created_by uuid, permissions text[])
LANGUAGE sql STABLE
AS $$
    SELECT k.org_id, k.id, k.secret_hash, k.created_by, (SELECT r.permissions FROM service.rights(k.org_id, k.id) AS r)
    FROM public.api_keys k
    WHERE k.prefix = wanted_prefix
$$;
CALL wall.serve('service.find_api_key(text)');

CREATE POLICY service_touch ON api_keys FOR UPDATE TO shelfline_service USING (true);
GRANT UPDATE (last_used_at) ON api_keys TO shelfline_service;
CREATE FUNCTION service.touch_api_key(wanted_prefix text) RETURNS void
LANGUAGE sql
AS $$
    UPDATE public.api_keys SET last_used_at = now()
    WHERE prefix = wanted_prefix AND coalesce(last_used_at < now() - interval '1 minute', true)
$$;
CALL wall.serve('service.touch_api_key(text)');
