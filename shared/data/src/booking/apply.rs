//! What a booking does to the books, before it is known whether it stays.

use domain::{DocumentKind, Finding, MailChanges, MailPeriod, MailTotal, Question, Report, UploadId};

use super::{changes, replay, rows, statements};
use crate::{Error, Result, Tenant, rollup, stores, uploads::Upload};

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
    if upload.vendor.as_deref().is_some_and(|before| before != vendor) {
        // Read as another vendor's now: of the former one it says nothing any more.
        replay::withdraw(tenant, upload).await?;
    }
    let scope = Scope { upload: upload.id, reading: replay::begin(tenant, upload.id).await?, vendor };
    stores::stage(tenant, vendor).await?;
    statements::insert(tenant, scope, upload.stated_at, report).await?;
    let increment = report.kind == DocumentKind::Increment;
    let (mut changes, mut days) = if increment {
        let changes = changes::of_lines(tenant, scope, upload.stated_at).await?;
        statements::compare_lines(tenant, scope, upload.stated_at).await?;
        statements::settle(tenant, scope).await?;
        rows::insert_lines(tenant, scope).await?;
        (changes, rows::settle_lines(tenant, scope).await?)
    } else {
        statements::compare(tenant, scope).await?;
        statements::settle(tenant, scope).await?;
        let changes = changes::of_statements(tenant, scope).await?;
        rows::insert_entries(tenant, scope).await?;
        (changes, rows::settle_entries(tenant, scope).await?)
    };
    days.add_staged(tenant).await?;
    replay::forget_former(tenant, scope).await?;
    let replay = (scope.reading > 1).then_some(changes);
    if replay.is_some() {
        changes = changes::of_replay(tenant, scope).await?;
    }
    rollup::recompute(tenant, vendor, &days.dates).await?;
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
