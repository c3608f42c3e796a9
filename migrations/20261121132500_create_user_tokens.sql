-- Tokens that reach people by mail. Known by their hash alone, good once and for a while: taking one deletes it.
CREATE TABLE user_tokens (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('email_verification', 'password_reset', 'invitation')),
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CALL wall.protect('user_tokens', 'SELECT, INSERT, DELETE');
CREATE INDEX user_tokens_by_user ON user_tokens (org_id, user_id, purpose);

ALTER TABLE users
    -- Somebody has read a mail sent to the address.
    ADD COLUMN email_verified_at timestamptz,
    -- Empty while somebody is invited and has not come.
    ADD COLUMN joined_at timestamptz DEFAULT now(),
    -- A removed user is a row without a person: what the person did keeps its author.
    ADD COLUMN removed_at timestamptz,
    -- Raised by every change that people make: what an If-Match is compared with.
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    -- Nobody signs in by password who has none.
    ALTER COLUMN password_hash DROP NOT NULL;
ALTER TABLE users NO FORCE ROW LEVEL SECURITY;
UPDATE users SET joined_at = created_at;
ALTER TABLE users FORCE ROW LEVEL SECURITY;

CREATE OR REPLACE FUNCTION service.find_login(wanted text)
RETURNS TABLE (org_id uuid, user_id uuid, password_hash text)
LANGUAGE sql STABLE
AS $$
    SELECT u.org_id, u.id, u.password_hash FROM public.users u
    WHERE u.email = wanted AND u.disabled_at IS NULL AND u.password_hash IS NOT NULL
$$;
CALL wall.serve('service.find_login(text)');
