-- What an organisation knows about the files of its vendors: every version of every profile, of which at most one a
-- vendor is in use. A version is never changed, but for whether it is in use and what testing it showed.
CREATE TABLE vendor_profiles (
    org_id uuid NOT NULL REFERENCES organizations (id),
    -- The same for all versions.
    id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    vendor text NOT NULL CHECK (vendor <> ''),
    origin text NOT NULL CHECK (origin IN ('learned', 'imported', 'edited')),
    profile jsonb NOT NULL,
    active boolean NOT NULL,
    -- Why it is not in use: {"code", "message"}.
    inactive jsonb,
    -- What it does to files that were booked before; NULL until that was looked at.
    back_test jsonb,
    -- Who put it to use although it contradicts a booked file: {"by", "at", "reason"}.
    override jsonb,
    learned_from uuid,
    created_by uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (org_id, id, version),
    UNIQUE (org_id, vendor, version),
    FOREIGN KEY (org_id, learned_from) REFERENCES uploads (org_id, id),
    FOREIGN KEY (org_id, created_by) REFERENCES users (org_id, id),
    CHECK ((inactive IS NULL) = active),
    CHECK ((learned_from IS NOT NULL) = (origin = 'learned'))
);
CALL wall.protect('vendor_profiles', 'SELECT, INSERT, UPDATE');
CREATE UNIQUE INDEX vendor_profiles_in_use ON vendor_profiles (org_id, vendor) WHERE active;
-- Back-tests read the newest booked files of a vendor.
CREATE INDEX uploads_completed ON uploads (org_id, vendor, id DESC) WHERE status = 'completed';

ALTER TABLE uploads
    -- How a file without a known layout was understood: {"profile", "findings"}.
    ADD COLUMN proposal jsonb,
    -- Who wants this to be kept as a profile of the vendor.
    ADD COLUMN remember_by uuid,
    ADD FOREIGN KEY (org_id, remember_by) REFERENCES users (org_id, id);
COMMENT ON COLUMN uploads.answers IS '[{"id", "value", "by", "at"}]';
