-- Questions and answers: each person's own, and what an organisation has confirmed.

CREATE TABLE conversations (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    -- The user or API key whose it is: nobody else sees it.
    subject uuid NOT NULL,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    -- What the next question goes on with: assistant::Memory.
    memory jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (org_id, id)
);
CALL wall.protect('conversations');
CALL wall.guard('conversations', '{analytics:read}', '{analytics:read}');
CREATE POLICY own ON conversations AS RESTRICTIVE TO shelfline_app
    USING ((SELECT wall.current_subject()) IS NULL OR subject = (SELECT wall.current_subject()));
CREATE INDEX conversations_list ON conversations (org_id, subject, updated_at, id);

CREATE TABLE messages (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    conversation_id uuid NOT NULL,
    subject uuid NOT NULL,
    question text NOT NULL,
    status text NOT NULL CHECK (status IN ('answered', 'clarify', 'refused', 'unavailable')),
    engine text NOT NULL,
    answer text NOT NULL,
    -- assistant::Plan of what was computed.
    plan jsonb,
    -- The answer as it was given.
    reply jsonb NOT NULL,
    feedback text CHECK (feedback IN ('right', 'wrong')),
    comment text CHECK (char_length(comment) <= 2000),
    created_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (org_id, conversation_id) REFERENCES conversations (org_id, id) ON DELETE CASCADE
);
CALL wall.protect('messages');
CALL wall.guard('messages', '{analytics:read}', '{analytics:read}');
CREATE POLICY own ON messages AS RESTRICTIVE TO shelfline_app
    USING ((SELECT wall.current_subject()) IS NULL OR subject = (SELECT wall.current_subject()));
CREATE INDEX messages_conversation ON messages (org_id, conversation_id, id);

-- Questions whose reading somebody confirmed or corrected: examples, and the suite that every change of the engine has to pass.
CREATE TABLE chat_examples (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    question text NOT NULL CHECK (char_length(question) BETWEEN 1 AND 2000),
    plan jsonb NOT NULL,
    confirmed_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (org_id, question)
);
CALL wall.protect('chat_examples');
CALL wall.guard('chat_examples', '{analytics:read}', '{analytics:read}');
