-- Alerts: figures that somebody has watched, and what each look at them found.
CREATE TABLE alerts (
    id uuid PRIMARY KEY,
    org_id uuid NOT NULL REFERENCES organizations (id),
    -- The user or key that made or changed it last. With the rights of this one it stops.
    owner uuid NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- A `domain::AlertRule`.
    rule jsonb NOT NULL,
    -- A `domain::schedule::QuietHours`.
    quiet jsonb,
    repeat text NOT NULL CHECK (repeat IN ('once', 'every_period')),
    -- Users. Each is told what it may see itself.
    recipients uuid[] NOT NULL DEFAULT '{}' CHECK (cardinality(recipients) <= 100),
    active boolean NOT NULL DEFAULT true,
    -- Why it watches no more, where nobody has paused it.
    stopped jsonb,
    -- First day of the first period that it looks at.
    since date NOT NULL,
    -- The figures had changed so often, and it was this day where the organisation is, when it was looked at last.
    seen_version bigint,
    seen_on date,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (org_id, id),
    CHECK (NOT active OR stopped IS NULL)
);
CALL wall.protect('alerts');
CALL wall.guard('alerts', '{analytics:read}', '{analytics:read}');
-- Whose it is, whom it tells, and whoever may send things to others.
CREATE POLICY concerned ON alerts AS RESTRICTIVE FOR SELECT TO shelfline_app USING (
    (SELECT wall.current_subject()) IS NULL OR owner = (SELECT wall.current_subject())
    OR (SELECT wall.current_subject()) = ANY (recipients) OR (SELECT wall.may('reports:write'))
);
-- Nobody has something watched in the name of somebody else, and who may not send anything to others tells oneself alone.
CREATE POLICY own_will_insert ON alerts AS RESTRICTIVE FOR INSERT TO shelfline_app WITH CHECK (
    (SELECT wall.current_subject()) IS NULL
    OR owner = (SELECT wall.current_subject())
        AND (recipients <@ ARRAY[(SELECT wall.current_subject())] OR (SELECT wall.may('reports:write')))
);
CREATE POLICY own_will_update ON alerts AS RESTRICTIVE FOR UPDATE TO shelfline_app
    USING (
        (SELECT wall.current_subject()) IS NULL OR owner = (SELECT wall.current_subject()) OR (SELECT wall.may('reports:write'))
    )
    WITH CHECK (
        (SELECT wall.current_subject()) IS NULL OR NOT active
        OR owner = (SELECT wall.current_subject())
            AND (recipients <@ ARRAY[(SELECT wall.current_subject())] OR (SELECT wall.may('reports:write')))
    );
CREATE POLICY own_will_delete ON alerts AS RESTRICTIVE FOR DELETE TO shelfline_app USING (
    (SELECT wall.current_subject()) IS NULL OR owner = (SELECT wall.current_subject()) OR (SELECT wall.may('reports:write'))
);
CREATE INDEX alerts_of_org ON alerts (org_id, id DESC);

-- What a look found, for each of whom it is made for: figures as that one may see them.
CREATE TABLE alert_checks (
    org_id uuid NOT NULL REFERENCES organizations (id),
    alert_id uuid NOT NULL,
    -- The user or key whose rights chose the rows; nobody else sees it.
    subject uuid NOT NULL,
    period_start date NOT NULL,
    -- The value of the dimension; empty where all is one.
    line text NOT NULL,
    line_name text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('fine', 'breached', 'waiting', 'no_figure')),
    value numeric,
    expected numeric,
    low numeric,
    high numeric,
    why text NOT NULL,
    -- The mail that told of it.
    email_id uuid,
    checked_at timestamptz NOT NULL DEFAULT now(),
    -- However often a job looks: one verdict for one line of a period.
    PRIMARY KEY (alert_id, subject, period_start, line),
    FOREIGN KEY (org_id, alert_id) REFERENCES alerts (org_id, id) ON DELETE CASCADE
);
CALL wall.protect('alert_checks');
CALL wall.guard('alert_checks', '{analytics:read}', '{}');
CREATE POLICY own ON alert_checks AS RESTRICTIVE FOR SELECT TO shelfline_app
    USING ((SELECT wall.current_subject()) IS NULL OR subject = (SELECT wall.current_subject()));
CREATE INDEX alert_checks_of_subject ON alert_checks (org_id, subject);

-- Alerts of all tenants whose figures may have changed since the last look, or for which another day has begun. `alert-check` knows no
-- tenant.
CALL wall.allow_service('alerts', 'id, org_id, active, seen_version, seen_on');
CREATE FUNCTION service.list_due_alerts(by_then timestamptz, max_rows integer)
RETURNS TABLE (org_id uuid, id uuid)
LANGUAGE sql STABLE
AS $$
    SELECT a.org_id, a.id
    FROM public.alerts a
    JOIN public.organizations o ON o.id = a.org_id
    LEFT JOIN public.data_versions v ON v.org_id = a.org_id
    WHERE a.active AND (a.seen_version IS DISTINCT FROM coalesce(v.version, 0)
        OR a.seen_on IS DISTINCT FROM (by_then AT TIME ZONE o.time_zone)::date)
    ORDER BY a.seen_on NULLS FIRST, a.id
    LIMIT max_rows
$$;
CALL wall.serve('service.list_due_alerts(timestamptz, integer)');

-- Addresses of users, for those who may send things to others, and one's own.
CREATE FUNCTION service.find_addresses(users uuid[]) RETURNS TABLE (user_id uuid, address text)
LANGUAGE sql STABLE
AS $$
    SELECT u.id, u.email
    FROM public.users u
    WHERE u.org_id = wall.current_org() AND u.id = ANY (users)
        AND (wall.may('reports:write') OR u.id = wall.current_subject())
    ORDER BY u.email
$$;
CALL wall.serve('service.find_addresses(uuid[])');

INSERT INTO wall.retention_kinds (name, meaning, days, least_days, most_days) VALUES
    ('alert_checks', 'What looks at watched figures found.', 800, 400, 4000);
