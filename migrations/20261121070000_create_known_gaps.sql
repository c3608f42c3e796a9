-- Days about which somebody knows that a vendor will not report them: they are shown as such and raise no alarm.
CREATE TABLE known_gaps (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    vendor text NOT NULL CHECK (vendor <> ''),
    first_day date NOT NULL,
    -- NULL: until further notice.
    last_day date CHECK (last_day >= first_day),
    reason text NOT NULL CHECK (reason <> ''),
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (org_id, vendor, first_day, last_day),
    FOREIGN KEY (org_id, created_by) REFERENCES users (org_id, id)
);
CALL wall.protect('known_gaps', 'SELECT, INSERT, DELETE');
