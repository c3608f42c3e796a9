-- Answers given to creating requests that carried an Idempotency-Key. A row is written in the transaction of the
-- effect itself: a twin waits for that transaction and then finds the answer.
CREATE TABLE idempotency_keys (
    org_id uuid NOT NULL REFERENCES organizations (id),
    route text NOT NULL,
    key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
    body_hash bytea NOT NULL CHECK (octet_length(body_hash) = 32),
    -- Set before the transaction commits.
    status smallint,
    response jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, route, key)
);
CALL wall.protect('idempotency_keys');
CREATE INDEX idempotency_keys_age ON idempotency_keys (org_id, created_at);
