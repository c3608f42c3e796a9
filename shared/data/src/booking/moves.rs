//! What moves when other versions of periods count: which rows came and went, without touching the others.

use domain::MailChanges;

use super::apply::Scope;
use crate::{Error, Result, Tenant};

/// `moves`: for each period that an upload states, the version that counted and the one that counts now.
/// `differing`: contents that a new version has more or less often than the newest one before it.
/// `moved`: rows of the main cut that count now and did not (gain 1), or did and do not (gain -1, values negated).
const TABLES: &str = "
    DROP TABLE IF EXISTS pg_temp.moves, pg_temp.differing, pg_temp.moved;
    CREATE TEMP TABLE moves (cut text, period_start date, period_end date, counted integer, counts integer)
        ON COMMIT DROP;
    CREATE TEMP TABLE differing (statement integer, content_hash bytea, surplus bigint) ON COMMIT DROP;
    CREATE TEMP TABLE moved (period_start date, period_end date, counts_on date, store_id uuid, store text,
        store_kind text, product_ean text, currency text, country text, line_class text, gain integer, quantity numeric,
        amount_local numeric, amount_eur numeric, key_hash bytea, content_hash bytea) ON COMMIT DROP";

/// Before statements are settled: which version counts about each period that the upload states or stated.
pub(super) async fn begin(tenant: &mut Tenant, scope: Scope<'_>) -> Result<()> {
    sqlx::raw_sql(TABLES).execute(&mut **tenant).await.map_err(Error::query("booking.create_moves"))?;
    sqlx::query(
        "INSERT INTO pg_temp.moves (cut, period_start, period_end, counted)
         SELECT DISTINCT said.cut, said.period_start, said.period_end, counting.version
         FROM reporting_periods said
         LEFT JOIN reporting_periods counting ON counting.org_id = $1 AND counting.vendor = $3
             AND counting.cut = said.cut AND counting.period_start = said.period_start
             AND counting.period_end = said.period_end AND counting.active AND counting.version IS NOT NULL
         WHERE said.org_id = $1 AND said.upload_id = $2 AND said.version IS NOT NULL",
    )
    .bind(tenant.org().0)
    .bind(scope.upload.0)
    .bind(scope.vendor)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("booking.begin_moves"))?;
    Ok(())
}

/// After they are settled: which one counts now.
pub(super) async fn end(tenant: &mut Tenant, scope: Scope<'_>) -> Result<()> {
    sqlx::query(
        "UPDATE pg_temp.moves m SET counts = counting.version
         FROM reporting_periods counting
         WHERE counting.org_id = $1 AND counting.vendor = $2 AND counting.cut = m.cut
             AND counting.period_start = m.period_start AND counting.period_end = m.period_end
             AND counting.active AND counting.version IS NOT NULL",
    )
    .bind(tenant.org().0)
    .bind(scope.vendor)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("booking.end_moves"))?;
    Ok(())
}

/// Rows that count no more, and that count again; a row replaced by an equal one is neither.
pub(super) async fn counts(tenant: &mut Tenant) -> Result<(i64, i64)> {
    sqlx::query_as(
        "SELECT coalesce(sum(-n) FILTER (WHERE n < 0), 0)::bigint, coalesce(sum(n) FILTER (WHERE n > 0), 0)::bigint
         FROM (SELECT sum(gain) AS n FROM pg_temp.moved GROUP BY content_hash) AS net",
    )
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("booking.count_moves"))
}

/// The exact difference of the books before and after an upload, in rows of the main cut: what came and what went about
/// the same thing is a change.
pub(super) async fn changes(tenant: &mut Tenant, scope: Scope<'_>) -> Result<MailChanges> {
    let (added, changed, removed, unchanged): (i64, i64, i64, i64) = sqlx::query_as(
        "WITH net AS (
             SELECT period_start, period_end, key_hash, sum(gain) AS n FROM pg_temp.moved
             GROUP BY period_start, period_end, key_hash, content_hash
         ),
         keys AS (
             SELECT sum(greatest(n, 0)) AS came, sum(greatest(-n, 0)) AS gone FROM net GROUP BY key_hash
         ),
         own AS (
             SELECT period_start, period_end, sum(records) AS records FROM reporting_periods
             WHERE org_id = $1 AND upload_id = $2 AND reading = $3 AND cut = 'main' AND active GROUP BY 1, 2
         ),
         -- Periods that nobody had stated: every row came.
         first AS (
             SELECT coalesce(sum(records), 0) AS came FROM own
             JOIN pg_temp.statements USING (period_start, period_end) WHERE cut = 'main' AND base = 0
         ),
         kept AS (
             SELECT coalesce((SELECT sum(records) FROM own), 0) - (SELECT came FROM first)
                 - coalesce((SELECT sum(n) FROM net JOIN own USING (period_start, period_end) WHERE n > 0), 0) AS n
         )
         SELECT (coalesce(sum(came - least(came, gone)), 0) + (SELECT came FROM first))::bigint,
             coalesce(sum(least(came, gone)), 0)::bigint, coalesce(sum(gone - least(came, gone)), 0)::bigint,
             (SELECT n FROM kept)::bigint
         FROM keys",
    )
    .bind(tenant.org().0)
    .bind(scope.upload.0)
    .bind(scope.reading)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("booking.count_changes"))?;
    Ok(MailChanges {
        added: added.unsigned_abs(),
        changed: changed.unsigned_abs(),
        removed: removed.unsigned_abs(),
        unchanged: unchanged.unsigned_abs(),
    })
}
