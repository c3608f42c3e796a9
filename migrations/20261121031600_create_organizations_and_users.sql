CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    -- Part of drop keys: drops/{slug}/<file name>.
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text NOT NULL CHECK (name <> ''),
    time_zone text NOT NULL DEFAULT 'UTC',
    created_at timestamptz NOT NULL DEFAULT now()
);
CALL wall.protect('organizations', 'SELECT, INSERT, UPDATE', 'id');

CREATE TABLE users (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    password_hash text NOT NULL,
    full_name text,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'analyst', 'viewer')),
    -- Raised to end every access token of the user at once.
    token_version integer NOT NULL DEFAULT 1,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Lets other tables reference a user of their own tenant only.
    UNIQUE (org_id, id)
);
CALL wall.protect('users');

-- Drops name their organisation by slug; the ingest job knows no tenant before this look-up.
CALL wall.allow_service('organizations', 'id, slug');
CREATE FUNCTION service.find_org_by_slug(wanted text) RETURNS uuid
LANGUAGE sql STABLE
AS $$ SELECT id FROM public.organizations WHERE slug = wanted $$;
CALL wall.serve('service.find_org_by_slug(text)');
