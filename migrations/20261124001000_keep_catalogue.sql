-- What people keep in the catalogue can be changed under the version they saw, and put away.
ALTER TABLE known_gaps ADD COLUMN version integer NOT NULL DEFAULT 1;
GRANT UPDATE (first_day, last_day, reason, version) ON known_gaps TO shelfline_app;
ALTER TABLE stores
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    -- Since when nobody is offered it any more; what it sold stays.
    ADD COLUMN archived_at timestamptz;
