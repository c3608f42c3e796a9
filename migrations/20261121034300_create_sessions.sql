-- Refresh tokens: only their hash is kept. All tokens of one login are a family; using one that was rotated ends it.
CREATE TABLE refresh_tokens (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    family uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    expires_at timestamptz NOT NULL,
    rotated_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CALL wall.protect('refresh_tokens');
CREATE INDEX refresh_tokens_family ON refresh_tokens (org_id, family);
CREATE INDEX refresh_tokens_user ON refresh_tokens (org_id, user_id);

-- Public halves of the keys that access tokens are signed with. No tenant's data, and nothing secret: the application
-- reads them, db-migrate writes them.
CREATE TABLE signing_keys (
    kid text PRIMARY KEY CHECK (kid <> ''),
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Tokens of a retired key are refused.
    retired_at timestamptz
);
GRANT SELECT ON signing_keys TO shelfline_app;

-- A login names an address and no tenant; the authorizer asks about one user on every call it cannot answer from its
-- cache.
CALL wall.allow_service('users', 'id, org_id, email, password_hash, role, token_version, disabled_at');
CREATE FUNCTION service.find_login(wanted text)
RETURNS TABLE (org_id uuid, user_id uuid, password_hash text)
LANGUAGE sql STABLE
AS $$ SELECT u.org_id, u.id, u.password_hash FROM public.users u WHERE u.email = wanted AND u.disabled_at IS NULL $$;
CALL wall.serve('service.find_login(text)');

CREATE FUNCTION service.find_principal(wanted_org uuid, wanted_user uuid)
RETURNS TABLE (email text, role text, token_version integer)
LANGUAGE sql STABLE
AS $$
    SELECT u.email, u.role, u.token_version FROM public.users u
    WHERE u.org_id = wanted_org AND u.id = wanted_user AND u.disabled_at IS NULL
$$;
CALL wall.serve('service.find_principal(uuid, uuid)');
