-- What counted when a statement or an order line first came, so that the difference can be listed line by line later,
-- whatever was booked or undone in between. NULL: nothing did. Late: something newer counted, so that it changed nothing.
ALTER TABLE reporting_periods
    ADD COLUMN replaced_upload_id uuid,
    ADD COLUMN replaced_reading integer,
    ADD COLUMN late boolean NOT NULL DEFAULT false,
    ADD FOREIGN KEY (org_id, replaced_upload_id) REFERENCES uploads (org_id, id);
ALTER TABLE ecommerce_orders
    ADD COLUMN replaced_upload_id uuid,
    ADD COLUMN replaced_reading integer,
    ADD COLUMN late boolean NOT NULL DEFAULT false;
-- Of a file that was read again: what the last reading changed against the one before, in the shape of `changes`.
ALTER TABLE uploads ADD COLUMN replay jsonb;
