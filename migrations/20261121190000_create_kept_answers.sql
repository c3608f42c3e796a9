-- Answers that took a while, for the next instance that is asked the same by the same caller. Unlogged: what is lost is computed
-- again.
CREATE UNLOGGED TABLE kept_answers (
    org_id uuid NOT NULL REFERENCES organizations (id),
    subject uuid NOT NULL DEFAULT coalesce(wall.current_subject(), '00000000-0000-0000-0000-000000000000'),
    -- SHA-256 of route, parameters and day.
    question bytea NOT NULL,
    -- Of the books and rights that it was computed from: data_versions.
    version bigint NOT NULL,
    body text NOT NULL CHECK (octet_length(body) <= 262144),
    kept_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, subject, question)
);
CALL wall.protect('kept_answers');
CALL wall.guard('kept_answers', NULL, NULL);
-- An answer shows what its subject may see, and nobody else.
CREATE POLICY own ON kept_answers AS RESTRICTIVE TO shelfline_app
    USING (subject = coalesce((SELECT wall.current_subject()), '00000000-0000-0000-0000-000000000000'));
