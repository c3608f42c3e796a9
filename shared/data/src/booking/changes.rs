//! The exact difference between what counted and what an upload says: multisets of rows, main cut only.

use chrono::{DateTime, Utc};
use domain::MailChanges;

use super::apply::Scope;
use crate::{Error, Result, Tenant};

/// Counts the difference of `before` and `after`: what came and what went about the same thing is a change.
macro_rules! counting {
    ($before_and_after:literal) => {
        concat!(
            "WITH ",
            $before_and_after,
            ",
         compared AS (
             SELECT key_hash, coalesce(before.n, 0) AS was, coalesce(after.n, 0) AS now_n
             FROM before FULL JOIN after USING (key_hash, content_hash)
         ),
         keys AS (
             SELECT sum(least(was, now_n)) AS same, sum(greatest(was - now_n, 0)) AS gone,
                 sum(greatest(now_n - was, 0)) AS came
             FROM compared GROUP BY key_hash
         )
         SELECT coalesce(sum(came - least(gone, came)), 0)::bigint, coalesce(sum(least(gone, came)), 0)::bigint,
             coalesce(sum(gone - least(gone, came)), 0)::bigint, coalesce(sum(same), 0)::bigint
         FROM keys"
        )
    };
}

/// Of an increment, before its lines are inserted: for every line of which no newer version is known.
pub(super) async fn of_lines(
    tenant: &mut Tenant,
    scope: Scope<'_>,
    stated_at: DateTime<Utc>,
) -> Result<MailChanges> {
    let counts = sqlx::query_as(counting!(
        "known AS (
             SELECT o.line_key, o.key_hash, o.content_hash, (u.stated_at, u.id) > ($4, $2) AS newer
             FROM ecommerce_orders o JOIN uploads u ON u.id = o.upload_id
             WHERE o.org_id = $1 AND o.vendor = $3 AND o.active
                 AND (o.line_key IN (SELECT line_key FROM pg_temp.staged) OR o.upload_id = $2)
         ),
         before AS (SELECT key_hash, content_hash, count(*) AS n FROM known WHERE NOT newer GROUP BY 1, 2),
         after AS (
             SELECT key_hash, content_hash, count(*) AS n FROM pg_temp.staged_rows
             WHERE line_key NOT IN (SELECT line_key FROM known WHERE newer) GROUP BY 1, 2
         )"
    ))
    .bind(tenant.org().0)
    .bind(scope.upload.0)
    .bind(scope.vendor)
    .bind(stated_at)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("booking.compare_lines"))?;
    Ok(changes(counts))
}

/// Of a file that was read again, once its rows are in: against what its first reading replaced, as `crate::changes` lists
/// it.
pub(super) async fn of_replay(tenant: &mut Tenant, scope: Scope<'_>) -> Result<MailChanges> {
    let counts = sqlx::query_as(counting!(
        "stated AS (
             SELECT DISTINCT vendor, period_start, period_end, version, replaced_version FROM reporting_periods
             WHERE org_id = $1 AND upload_id = $2 AND cut = 'main' AND version IS NOT NULL AND NOT late
         ),
         own_lines AS (
             SELECT * FROM ecommerce_orders WHERE org_id = $1 AND upload_id = $2 AND reading = $3 AND NOT late
         ),
         replaced_lines AS (
             SELECT DISTINCT line_key, replaced_upload_id, replaced_reading FROM own_lines
         ),
         before AS (
             SELECT key_hash, content_hash, count(*) AS n FROM (
                 SELECT e.key_hash, e.content_hash
                 FROM stated JOIN sellout_entries e USING (vendor, period_start, period_end)
                 WHERE e.org_id = $1 AND e.cut = 'main' AND e.since_version <= replaced_version
                     AND (e.until_version IS NULL OR e.until_version > replaced_version)
                 UNION ALL
                 SELECT o.key_hash, o.content_hash FROM replaced_lines replaced JOIN ecommerce_orders o USING (line_key)
                 WHERE o.org_id = $1 AND o.upload_id = replaced.replaced_upload_id
                     AND o.reading = replaced.replaced_reading
             ) AS rows GROUP BY 1, 2
         ),
         after AS (
             SELECT key_hash, content_hash, count(*) AS n FROM (
                 SELECT e.key_hash, e.content_hash
                 FROM stated JOIN sellout_entries e USING (vendor, period_start, period_end)
                 WHERE e.org_id = $1 AND e.cut = 'main' AND e.since_version <= version
                     AND (e.until_version IS NULL OR e.until_version > version)
                 UNION ALL
                 SELECT key_hash, content_hash FROM own_lines
             ) AS rows GROUP BY 1, 2
         )"
    ))
    .bind(tenant.org().0)
    .bind(scope.upload.0)
    .bind(scope.reading)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("booking.compare_replay"))?;
    Ok(changes(counts))
}

fn changes((added, changed, removed, unchanged): (i64, i64, i64, i64)) -> MailChanges {
    MailChanges {
        added: added.unsigned_abs(),
        changed: changed.unsigned_abs(),
        removed: removed.unsigned_abs(),
        unchanged: unchanged.unsigned_abs(),
    }
}
