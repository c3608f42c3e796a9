-- A session is one login. Its refresh tokens follow each other; ending it makes all of them and its access tokens worthless.
CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- Where it was last used from, as API Gateway and the client said.
    ip text CHECK (char_length(ip) <= 64),
    user_agent text CHECK (char_length(user_agent) <= 300),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    UNIQUE (org_id, id),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CALL wall.protect('sessions');
CREATE INDEX sessions_by_user ON sessions (org_id, user_id, id DESC);

-- The families there are become sessions under the same ids.
ALTER TABLE refresh_tokens NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY;
INSERT INTO sessions (id, org_id, user_id, created_at, last_used_at, ended_at)
SELECT family, org_id, user_id, min(created_at), max(created_at), max(revoked_at)
FROM refresh_tokens GROUP BY family, org_id, user_id;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens FORCE ROW LEVEL SECURITY;

ALTER TABLE refresh_tokens RENAME COLUMN family TO session_id;
ALTER TABLE refresh_tokens
    DROP COLUMN revoked_at,
    ADD FOREIGN KEY (org_id, session_id) REFERENCES sessions (org_id, id) ON DELETE CASCADE;
ALTER INDEX refresh_tokens_family RENAME TO refresh_tokens_by_session;

-- An access token holds while its session does.
CALL wall.allow_service('sessions', 'id, org_id, user_id, ended_at');
DROP FUNCTION service.find_principal(uuid, uuid);
CREATE FUNCTION service.find_principal(wanted_org uuid, wanted_user uuid, wanted_session uuid)
RETURNS TABLE (email text, role text, token_version integer)
LANGUAGE sql STABLE
AS $$
    SELECT u.email, u.role, u.token_version
    FROM public.users u JOIN public.sessions s ON s.org_id = u.org_id AND s.user_id = u.id
    WHERE u.org_id = wanted_org AND u.id = wanted_user AND u.disabled_at IS NULL
        AND s.id = wanted_session AND s.ended_at IS NULL
$$;
CALL wall.serve('service.find_principal(uuid, uuid, uuid)');
