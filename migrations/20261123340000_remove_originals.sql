-- Files hold more than what is booked of them: names and addresses of buyers, above all. They go when a rule says so; what was booked
-- stays, with its sums and its hash.
ALTER TABLE uploads ADD COLUMN original_removed_at timestamptz;
CREATE INDEX uploads_with_original ON uploads (org_id, created_at) WHERE original_removed_at IS NULL;
CREATE INDEX uploads_of_object ON uploads (org_id, object_key);

INSERT INTO wall.retention_kinds (name, meaning, days, least_days, most_days) VALUES
    ('originals', 'Files as they came, of uploads that have ended. What was booked of them stays.', 1100, 30, 3650);
