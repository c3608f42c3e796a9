-- The month a fiscal year begins with: figures by fiscal year follow it.
ALTER TABLE organizations ADD COLUMN fiscal_year_begins smallint NOT NULL DEFAULT 1 CHECK (fiscal_year_begins BETWEEN 1 AND 12);
