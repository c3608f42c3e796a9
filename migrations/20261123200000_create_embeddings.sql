-- Vectors of texts that questions are compared with: confirmed questions, names of products, meanings of metrics.
-- They find what may be meant; the texts themselves are read where they stand, under the rights of whoever asks.

CREATE TABLE embeddings (
    org_id uuid NOT NULL REFERENCES organizations (id),
    kind text NOT NULL CHECK (kind IN ('example', 'metric', 'product')),
    -- Of an example its id, of a product its EAN.
    key text NOT NULL,
    -- Who made it: vectors of different makers are not to be compared, and may have different widths.
    maker text NOT NULL,
    -- SHA-256 of the text as it was then.
    content_hash bytea NOT NULL,
    embedding vector NOT NULL,
    -- An organisation has thousands of them, not millions: all of its own are compared. An index of neighbours would look among
    -- everybody's first and leave out what the wall hides afterwards.
    PRIMARY KEY (org_id, kind, key)
);
CALL wall.protect('embeddings');
CALL wall.guard('embeddings', '{analytics:read}', '{analytics:read}');
