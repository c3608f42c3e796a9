-- Which of the installation's language models an organisation has asked, in which order; without a row all of them.
CREATE TABLE model_choices (
    org_id uuid PRIMARY KEY REFERENCES organizations (id),
    -- Names of models; empty: none is asked.
    models text[] NOT NULL CHECK (cardinality(models) <= 20),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CALL wall.protect('model_choices');
CALL wall.guard('model_choices', '{analytics:read}', '{roles:manage}');
