-- How often something was done of late, shared by all instances of all functions. Of whom is a hash: no address is kept.
-- Unlogged: after a crash everybody begins anew, and no request waits for a disk.
CREATE UNLOGGED TABLE rate_windows (
    bucket bytea PRIMARY KEY CHECK (octet_length(bucket) = 32),
    used integer NOT NULL,
    ends_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_windows TO shelfline_service;

-- Counts one request in each bucket and says how many it is now, and when its window ends. A window begins with its first
-- request; the row lock makes the count exact whoever counts at the same time, and one order keeps two requests from
-- waiting for each other.
CREATE FUNCTION service.count_request(buckets bytea[], seconds integer[])
RETURNS TABLE (bucket bytea, used integer, resets_in integer)
LANGUAGE sql VOLATILE
AS $$
    INSERT INTO public.rate_windows AS w (bucket, used, ends_at)
    SELECT asked.bucket, 1, now() + make_interval(secs => asked.seconds)
    FROM unnest(buckets, seconds) AS asked (bucket, seconds)
    ORDER BY asked.bucket
    ON CONFLICT (bucket) DO UPDATE SET
        used = CASE WHEN w.ends_at <= now() THEN 1 ELSE least(w.used, 1000000000) + 1 END,
        ends_at = CASE WHEN w.ends_at <= now() THEN excluded.ends_at ELSE w.ends_at END
    RETURNING w.bucket, w.used, greatest(ceil(extract(epoch FROM w.ends_at - now())), 1)::integer
$$;
CALL wall.serve('service.count_request(bytea[], integer[])');

-- The sweep's: windows that have ended say nothing.
CREATE FUNCTION service.forget_rate_windows() RETURNS void
LANGUAGE sql VOLATILE
AS $$ DELETE FROM public.rate_windows WHERE ends_at < now() - interval '1 minute' $$;
CALL wall.serve('service.forget_rate_windows()');
