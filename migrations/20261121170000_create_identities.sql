-- Accounts at identity providers that people sign in with. Who somebody is says issuer and subject alone: addresses change
-- hands, and not every provider asks whose they are.
CREATE TABLE identities (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- As the installation calls it; for people.
    provider text NOT NULL CHECK (char_length(provider) BETWEEN 1 AND 40),
    issuer text NOT NULL CHECK (char_length(issuer) BETWEEN 1 AND 500),
    subject text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 255),
    -- What the provider said last, so that people tell their accounts apart. Nothing is decided by it.
    email text CHECK (char_length(email) <= 320),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    CONSTRAINT identities_of_one_user UNIQUE (issuer, subject),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CREATE INDEX identities_by_user ON identities (org_id, user_id);
CALL wall.protect('identities');
CALL wall.guard('identities', '{users:manage}', '{users:manage}');
CALL wall.allow_service('identities', 'org_id, user_id, issuer, subject');

-- Sign-ins that were begun and have not come back. Nobody is signed in yet, so there is no organisation whose rows these
-- were; the application reaches them through the two functions below alone. State and binding are known by their hashes.
CREATE TABLE sign_in_attempts (
    state_hash bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    -- Of a secret that the browser keeps which began it.
    binding_hash bytea NOT NULL CHECK (octet_length(binding_hash) = 32),
    provider text NOT NULL CHECK (char_length(provider) BETWEEN 1 AND 40),
    nonce text NOT NULL,
    -- PKCE: it never leaves the server before the code is redeemed.
    verifier text NOT NULL,
    -- Whose account the identity is to be linked with; empty: somebody signs in.
    linking_org uuid,
    linking_user uuid,
    linking_session uuid,
    expires_at timestamptz NOT NULL,
    CHECK (num_nonnulls(linking_org, linking_user, linking_session) IN (0, 3))
);
CREATE INDEX sign_in_attempts_by_end ON sign_in_attempts (expires_at);
GRANT SELECT, INSERT, DELETE ON sign_in_attempts TO shelfline_service;

-- Begins one, good for ten minutes, and forgets some that were never finished.
CREATE FUNCTION service.begin_sign_in(
    state_hash bytea, binding_hash bytea, provider text, nonce text, verifier text,
    linking_org uuid, linking_user uuid, linking_session uuid
) RETURNS void
LANGUAGE sql VOLATILE
AS $$
    DELETE FROM public.sign_in_attempts a WHERE a.state_hash IN (
        SELECT old.state_hash FROM public.sign_in_attempts old WHERE old.expires_at < now()
        ORDER BY old.expires_at LIMIT 100 FOR UPDATE SKIP LOCKED
    );
    INSERT INTO public.sign_in_attempts
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now() + interval '10 minutes')
$$;
-- FOR UPDATE needs the right to update, whatever is then done.
GRANT UPDATE (expires_at) ON sign_in_attempts TO shelfline_service;
CALL wall.serve('service.begin_sign_in(bytea, bytea, text, text, text, uuid, uuid, uuid)');

-- Uses one up. Of concurrent calls one gets it; another browser or another provider gets nothing and takes nothing away.
CREATE FUNCTION service.take_sign_in(wanted_state bytea, wanted_binding bytea, wanted_provider text)
RETURNS TABLE (nonce text, verifier text, linking_org uuid, linking_user uuid, linking_session uuid)
LANGUAGE sql VOLATILE
AS $$
    DELETE FROM public.sign_in_attempts a
    WHERE a.state_hash = wanted_state AND a.binding_hash = wanted_binding AND a.provider = wanted_provider
        AND a.expires_at > now()
    RETURNING a.nonce, a.verifier, a.linking_org, a.linking_user, a.linking_session
$$;
CALL wall.serve('service.take_sign_in(bytea, bytea, text)');

-- Whose identity this is.
CREATE FUNCTION service.find_identity(wanted_issuer text, wanted_subject text)
RETURNS TABLE (org_id uuid, user_id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT i.org_id, i.user_id FROM public.identities i WHERE i.issuer = wanted_issuer AND i.subject = wanted_subject
$$;
CALL wall.serve('service.find_identity(text, text)');

GRANT SELECT (joined_at) ON users TO shelfline_service;
-- The account with an address, with a password or without. `may_sign_in`: it was joined and is not disabled.
CREATE FUNCTION service.find_account(wanted text)
RETURNS TABLE (org_id uuid, user_id uuid, may_sign_in boolean)
LANGUAGE sql STABLE
AS $$
    SELECT u.org_id, u.id, u.disabled_at IS NULL AND u.joined_at IS NOT NULL FROM public.users u WHERE u.email = wanted
$$;
CALL wall.serve('service.find_account(text)');
