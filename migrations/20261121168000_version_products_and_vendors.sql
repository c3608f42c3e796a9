-- Whoever changes a product or a vendor says which version they saw.
ALTER TABLE products ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE vendors
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
    -- Of the people who send its files, for reminders.
    ADD COLUMN contact_email text CHECK (char_length(contact_email) BETWEEN 3 AND 320);
