-- A second factor: a TOTP secret (RFC 6238) and the codes for who has lost it.
CREATE TABLE mfa_factors (
    user_id uuid PRIMARY KEY,
    org_id uuid NOT NULL,
    -- AES-256-GCM, bound to the user; its key stands in no database.
    sealed_secret bytea NOT NULL,
    -- Empty until a first code was right: until then it guards nothing.
    confirmed_at timestamptz,
    -- The latest 30 seconds whose code was used: a code is good once.
    last_step bigint NOT NULL DEFAULT 0,
    -- Wrong codes since the last right one.
    failures integer NOT NULL DEFAULT 0,
    failed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CALL wall.protect('mfa_factors');

CREATE TABLE mfa_recovery_codes (
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    -- SHA-256 of 80 random bits; using a code deletes it.
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    PRIMARY KEY (user_id, code_hash),
    FOREIGN KEY (org_id, user_id) REFERENCES users (org_id, id) ON DELETE CASCADE
);
CALL wall.protect('mfa_recovery_codes', 'SELECT, INSERT, DELETE');
