//! What a booking does to the books, before it is known whether it stays.

use domain::{DocumentKind, Finding, MailChanges, MailPeriod, MailTotal, Question, Report, UploadId};

use super::{changes, moves, replay, rows, staging, statements};
use crate::{Error, Result, Tenant, rollup, stores, uploads::Upload, vendors};

/// The books after an upload, against the books before.
#[derive(Debug, Default)]
pub(super) struct Applied {
    /// Against what the upload replaced when it was first booked.
    pub(super) changes: MailChanges,
    /// Of a file that was read again: against the reading before.
    pub(super) replay: Option<MailChanges>,
    pub(super) periods: Vec<MailPeriod>,
    pub(super) totals: Vec<MailTotal>,
    pub(super) warnings: Vec<Finding>,
    /// Set when one of its periods cuts across a period that somebody stated already.
    pub(super) overlap: Option<Question>,
}

/// One upload on its way into the books of one vendor.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) upload: UploadId,
    pub(super) reading: i32,
    pub(super) vendor: &'a str,
}

pub(super) async fn apply(
    tenant: &mut Tenant,
    upload: &Upload,
    vendor: &str,
    report: &Report,
) -> Result<Applied> {
    lock_vendor(tenant, vendor).await?;
    vendors::note(tenant, vendor, report.vendor_name.as_deref()).await?;
    if upload.vendor.as_deref().is_some_and(|before| before != vendor) {
        // Read as another vendor's now: of the former one it says nothing any more.
        replay::withdraw(tenant, upload).await?;
    }
    let scope = Scope { upload: upload.id, reading: replay::begin(tenant, upload.id).await?, vendor };
    stores::stage(tenant, vendor).await?;
    staging::add_stated(tenant, report).await?;
    let increment = report.kind == DocumentKind::Increment;
    let mut changes = if increment {
        book_lines(tenant, upload, scope, report).await?
    } else {
        book_statements(tenant, upload, scope, report).await?
    };
    let replay = (scope.reading > 1).then_some(changes);
    if replay.is_some() {
        changes = changes::of_replay(tenant, scope).await?;
    }
    let warnings = statements::late(tenant, scope).await?.into_iter().collect();
    let overlap = if increment { None } else { statements::overlap(tenant, scope).await? };
    Ok(Applied {
        changes,
        replay,
        periods: statements::report(tenant, scope.upload).await?,
        totals: statements::totals(tenant, scope.upload).await?,
        warnings,
        overlap,
    })
}

/// Order lines, which add to what counts and replace each other by key.
async fn book_lines(
    tenant: &mut Tenant,
    upload: &Upload,
    scope: Scope<'_>,
    report: &Report,
) -> Result<MailChanges> {
    statements::insert(tenant, scope, upload.stated_at, report).await?;
    let changes = changes::of_lines(tenant, scope, upload.stated_at).await?;
    statements::compare_lines(tenant, scope, upload.stated_at).await?;
    statements::settle(tenant, scope).await?;
    rows::insert_lines(tenant, scope).await?;
    let mut settled = rows::settle_lines(tenant, scope).await?;
    settled.add_staged(tenant).await?;
    replay::forget_former(tenant, scope).await?;
    rollup::recompute(tenant, scope.vendor, &settled.dates).await?;
    Ok(changes)
}

/// Statements about periods, the latest of which counts.
async fn book_statements(
    tenant: &mut Tenant,
    upload: &Upload,
    scope: Scope<'_>,
    report: &Report,
) -> Result<MailChanges> {
    let restates = statements::number(tenant, scope).await?;
    statements::insert(tenant, scope, upload.stated_at, report).await?;
    statements::compare(tenant, scope).await?;
    moves::begin(tenant, scope).await?;
    statements::settle(tenant, scope).await?;
    moves::end(tenant, scope).await?;
    rows::write_entries(tenant, scope, restates).await?;
    let changes = moves::changes(tenant, scope).await?;
    replay::forget_former(tenant, scope).await?;
    rows::sum_up_entries(tenant, scope.vendor).await?;
    Ok(changes)
}

/// One booking or undo of a vendor at a time: each compares with what the one before left.
pub(super) async fn lock_vendor(tenant: &mut Tenant, vendor: &str) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('vendor' || $1::text || $2, 0))")
        .bind(tenant.org().0)
        .bind(vendor)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.lock_vendor"))?;
    Ok(())
}
