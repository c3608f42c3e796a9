-- Every call of a language model, whatever came of it: what is counted and paid.
CREATE TABLE model_calls (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    org_id uuid NOT NULL REFERENCES organizations (id),
    purpose text NOT NULL CHECK (purpose IN ('layout')),
    -- The upload it was about.
    upload_id uuid,
    -- As configured, not as the service calls itself.
    model text NOT NULL CHECK (model <> ''),
    -- A stable code, for example proposed, invalid, timeout.
    outcome text NOT NULL CHECK (outcome <> ''),
    -- NULL: the service did not say.
    input_tokens bigint CHECK (input_tokens >= 0),
    output_tokens bigint CHECK (output_tokens >= 0),
    duration_ms bigint NOT NULL CHECK (duration_ms >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (org_id, upload_id) REFERENCES uploads (org_id, id)
);
CALL wall.protect('model_calls', 'SELECT, INSERT');
CREATE INDEX model_calls_upload ON model_calls (org_id, upload_id);
-- A month's sum of an organisation.
CREATE INDEX model_calls_time ON model_calls (org_id, created_at);
