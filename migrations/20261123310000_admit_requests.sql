-- Every request is counted, and every question asks how far the books are: one way to the database instead of two. Running
-- instances still call `service.count_request`, and so do mails.
CREATE FUNCTION service.admit(wanted_org uuid, buckets bytea[], seconds integer[])
RETURNS TABLE (bucket bytea, used integer, resets_in integer, data_version bigint)
LANGUAGE sql VOLATILE
AS $$
    WITH counted AS (
        INSERT INTO public.rate_windows AS w (bucket, used, ends_at)
        SELECT asked.bucket, 1, now() + make_interval(secs => asked.seconds)
        FROM unnest(buckets, seconds) AS asked (bucket, seconds)
        ORDER BY asked.bucket
        ON CONFLICT (bucket) DO UPDATE SET
            used = CASE WHEN w.ends_at <= now() THEN 1 ELSE least(w.used, 1000000000) + 1 END,
            ends_at = CASE WHEN w.ends_at <= now() THEN excluded.ends_at ELSE w.ends_at END
        RETURNING w.bucket, w.used, w.ends_at
    )
    SELECT c.bucket, c.used, greatest(ceil(extract(epoch FROM c.ends_at - now())), 1)::integer,
        coalesce((SELECT v.version FROM public.data_versions v WHERE v.org_id = wanted_org), 0)
    FROM counted c
$$;
CALL wall.serve('service.admit(uuid, bytea[], integer[])');
