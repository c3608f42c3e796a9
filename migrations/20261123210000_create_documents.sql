-- What an organisation wrote down about its business (price policies, names of campaigns): told to a language model where it is like
-- a question. No figure comes from here.

CREATE TABLE documents (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    chars integer NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (org_id, id),
    UNIQUE (org_id, title)
);
CALL wall.protect('documents', 'SELECT, INSERT, DELETE');
CALL wall.guard('documents', '{analytics:read}', '{catalogue:write}');

CREATE TABLE document_chunks (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    document_id uuid NOT NULL,
    position integer NOT NULL,
    text text NOT NULL,
    FOREIGN KEY (org_id, document_id) REFERENCES documents (org_id, id) ON DELETE CASCADE
);
CALL wall.protect('document_chunks', 'SELECT, INSERT, DELETE');
CALL wall.guard('document_chunks', '{analytics:read}', '{catalogue:write}');
CREATE INDEX document_chunks_document ON document_chunks (org_id, document_id, position);

ALTER TABLE embeddings
    DROP CONSTRAINT embeddings_kind_check,
    ADD CONSTRAINT embeddings_kind_check CHECK (kind IN ('document', 'example', 'metric', 'product'));

INSERT INTO wall.retention_kinds (name, meaning, days, least_days, most_days) VALUES
    ('documents', 'Documents for questions, after they were added.', 1830, 30, 4000);
