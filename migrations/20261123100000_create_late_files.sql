-- Files that vendors usually would have sent by now, and the reminder that is drafted for each: it leaves when somebody approves it.
ALTER TABLE vendors
    -- Of the people who send its files, for reminders.
    ADD COLUMN contact_name text CHECK (char_length(contact_name) BETWEEN 1 AND 200),
    -- What they are written to in; NULL: English.
    ADD COLUMN contact_language text CHECK (contact_language IN ('en', 'de', 'fr', 'es', 'pl')),
    -- Nobody waits for files of it any more. What it reported stays.
    ADD COLUMN archived_at timestamptz;

CREATE TABLE late_files (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    vendor text NOT NULL,
    -- Days that nobody has reported; both inclusive.
    first_day date NOT NULL,
    last_day date NOT NULL,
    -- The last day on which it would have been in time.
    due_on date NOT NULL,
    noticed_at timestamptz NOT NULL DEFAULT now(),
    -- When nothing of it was missing any more, and why.
    settled_at timestamptz,
    settled_as text CHECK (settled_as IN ('arrived', 'not_expected')),
    reminder text NOT NULL DEFAULT 'waiting' CHECK (reminder IN ('waiting', 'approved', 'dismissed', 'withdrawn')),
    subject text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 200),
    body text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 5000),
    -- Somebody has put own words in place of ours: they are not written anew.
    edited boolean NOT NULL DEFAULT false,
    -- The mail that an approval wrote.
    email_id uuid,
    -- Who approved or dismissed it, and when.
    decided_by uuid,
    decided_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    UNIQUE (org_id, id),
    -- However often a job looks: one notice for one period of a vendor.
    UNIQUE (org_id, vendor, first_day),
    FOREIGN KEY (org_id, vendor) REFERENCES vendors (org_id, key),
    CHECK (last_day >= first_day),
    CHECK ((settled_at IS NULL) = (settled_as IS NULL)),
    CHECK ((reminder = 'approved') = (email_id IS NOT NULL)),
    CHECK ((reminder IN ('approved', 'dismissed')) = (decided_at IS NOT NULL))
);
CALL wall.protect('late_files');
CALL wall.guard('late_files', '{analytics:read,uploads:write}', '{uploads:write}');
CALL wall.limit_rows('late_files', 'vendor');
-- What is late is for the job to say.
CREATE POLICY noticed_by_system ON late_files AS RESTRICTIVE FOR INSERT TO shelfline_app
    WITH CHECK ((SELECT wall.may(VARIADIC '{}'::text[])));
CREATE POLICY removed_by_system ON late_files AS RESTRICTIVE FOR DELETE TO shelfline_app
    USING ((SELECT wall.may(VARIADIC '{}'::text[])));
CREATE INDEX late_files_of_org ON late_files (org_id, id DESC);

INSERT INTO wall.retention_kinds (name, meaning, days, least_days, most_days) VALUES
    ('late_files', 'Which files were late and which reminders were sent, after they had come.', 400, 30, 4000);
