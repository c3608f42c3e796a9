//! Writes how an upload ended: its row, rejects, controls and the mails about it.

use domain::{
    Control, EmailId, EmailRequested, EmailType, Finding, FirstUpload, MailChanges, Reject, Report,
    RowCounts, UploadId, UploadMail, UploadStatus,
};
use rust_decimal::Decimal;
use serde::Serialize;
use sqlx::types::Json;

use super::{Ended, apply::Applied, statements};
use crate::{
    Error, Result, Tenant,
    emails::{self, NewEmail},
    json::without_nul,
    uploads::Upload,
};

/// A file that could be read: booked or held.
pub(super) async fn read(
    tenant: &mut Tenant,
    upload: &Upload,
    status: UploadStatus,
    sha256: &str,
    report: &Report,
    applied: Applied,
) -> Result<Ended> {
    sqlx::query(
        "UPDATE uploads SET vendor_confidence = $2, layout = $3, rows_read = $4, rows_accepted = $5, rows_rejected = $6,
             rows_ignored = $7, periods = $8, changes = $9, totals = $10, warnings = $11::text::jsonb,
             questions = $12::text::jsonb, proposal = $13::text::jsonb,
             replay = $14
         WHERE id = $1",
    )
    .bind(upload.id.0)
    .bind(report.vendor_confidence.clamp(0.0, 1.0))
    .bind(&report.layout)
    .bind(report.rows.read.cast_signed())
    .bind(report.rows.accepted.cast_signed())
    .bind(report.rows.rejected.cast_signed())
    .bind(report.rows.ignored.cast_signed())
    .bind(Json(&applied.periods))
    .bind(Json(applied.changes))
    .bind(Json(&applied.totals))
    .bind(without_nul(&report.warnings)?)
    .bind(without_nul(&report.questions)?)
    .bind(report.proposal.as_ref().map(without_nul).transpose()?)
    .bind(applied.replay.map(Json))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("booking.describe"))?;
    write_rejects(tenant, upload, &report.rejects).await?;
    write_controls(tenant, upload, &report.controls).await?;
    let mail = UploadMail {
        vendor: report.vendor.clone(),
        periods: applied.periods,
        rows: report.rows,
        totals: applied.totals,
        controls: report.controls.clone(),
        changes: applied.changes,
        warnings: report.warnings.clone(),
        questions: report.questions.clone(),
        ..about(upload)
    };
    end(tenant, upload, status, Some(sha256), &mail).await
}

/// A file whose bytes were taken before.
pub(super) async fn duplicate(
    tenant: &mut Tenant,
    upload: &Upload,
    sha256: &str,
    first: FirstUpload,
) -> Result<Ended> {
    let mail = UploadMail { duplicate_of: Some(first), ..about(upload) };
    end(tenant, upload, UploadStatus::Duplicate, Some(sha256), &mail).await
}

/// A file that could not be read, by its fault or by ours.
pub(super) async fn without_rows(
    tenant: &mut Tenant,
    upload: &Upload,
    status: UploadStatus,
    sha256: Option<&str>,
    vendor: Option<&str>,
    error: Finding,
) -> Result<Ended> {
    let mail = UploadMail { vendor: vendor.map(str::to_owned), error: Some(error), ..about(upload) };
    end(tenant, upload, status, sha256, &mail).await
}

/// A booked file that could not be read again: the books stay as they are.
pub(super) async fn still_booked(tenant: &mut Tenant, upload: &Upload, error: Finding) -> Result<Ended> {
    let warning = Finding {
        code: "replay_failed".to_owned(),
        message: format!(
            "It could not be read again, what was booked before still counts. {}",
            error.message
        ),
    };
    sqlx::query(
        "UPDATE uploads SET status = 'completed', warnings = warnings || $2, lease_until = NULL,
             finished_at = clock_timestamp()
         WHERE id = $1",
    )
    .bind(upload.id.0)
    .bind(Json([warning]))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("booking.still_booked"))?;
    Ok(Ended { status: UploadStatus::Completed, emails: Vec::new() })
}

/// Reports anew what an upload states, after its sums have changed.
pub(crate) async fn restate_report(tenant: &mut Tenant, upload: UploadId) -> Result<()> {
    let periods = statements::report(tenant, upload).await?;
    let totals = statements::totals(tenant, upload).await?;
    sqlx::query("UPDATE uploads SET periods = $2, totals = $3 WHERE id = $1")
        .bind(upload.0)
        .bind(Json(periods))
        .bind(Json(totals))
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.restate_report"))?;
    Ok(())
}

fn about(upload: &Upload) -> UploadMail {
    UploadMail {
        upload_id: upload.id,
        file_name: upload.file_name.clone(),
        vendor: None,
        periods: Vec::new(),
        rows: RowCounts::default(),
        totals: Vec::new(),
        controls: Vec::new(),
        changes: MailChanges::default(),
        warnings: Vec::new(),
        questions: Vec::new(),
        error: None,
        duplicate_of: None,
    }
}

async fn end(
    tenant: &mut Tenant,
    upload: &Upload,
    status: UploadStatus,
    sha256: Option<&str>,
    mail: &UploadMail,
) -> Result<Ended> {
    sqlx::query(
        "UPDATE uploads SET status = $2, sha256 = coalesce($3, sha256), vendor = coalesce($4, vendor), error = $5,
             duplicate_of = $6, lease_until = NULL, finished_at = clock_timestamp()
         WHERE id = $1",
    )
    .bind(upload.id.0)
    .bind(status.as_str())
    .bind(sha256)
    .bind(&mail.vendor)
    .bind(mail.error.as_ref().map(Json))
    .bind(mail.duplicate_of.as_ref().map(|first| first.upload_id.0))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("booking.end"))?;
    let emails = write_mails(tenant, upload, status, mail).await?;
    Ok(Ended { status, emails })
}

/// One mail to whoever sent the file; of a drop, or when the sender's login is closed, one to every owner.
async fn write_mails(
    tenant: &mut Tenant,
    upload: &Upload,
    status: UploadStatus,
    mail: &UploadMail,
) -> Result<Vec<EmailRequested>> {
    let Some(kind) = EmailType::of_upload(status) else { return Ok(Vec::new()) };
    let recipients: Vec<String> = sqlx::query_scalar(
        "WITH sender AS (SELECT email FROM users WHERE id = $1 AND disabled_at IS NULL)
         SELECT email FROM sender
         UNION ALL
         SELECT email FROM users
         WHERE org_id = $2 AND role = 'owner' AND disabled_at IS NULL AND NOT EXISTS (SELECT FROM sender)
         ORDER BY email",
    )
    .bind(upload.created_by.map(|id| id.0))
    .bind(tenant.org().0)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("booking.recipients"))?;
    let payload = serde_json::to_value(mail).map_err(Error::stored("booking.mail"))?;
    let mut requested = Vec::with_capacity(recipients.len());
    for recipient in &recipients {
        let id = EmailId::new();
        let (upload_id, request_id) = (Some(upload.id), upload.request_id.as_ref());
        let email = NewEmail { id, kind, recipient, payload: &payload, upload_id, request_id };
        emails::insert(tenant, &email).await?;
        requested.push(EmailRequested { org_id: tenant.org(), email_id: id });
    }
    Ok(requested)
}

/// Replaces the rejects of an earlier reading.
async fn write_rejects(tenant: &mut Tenant, upload: &Upload, rejects: &[Reject]) -> Result<()> {
    #[derive(Serialize)]
    struct Numbered<'a> {
        position: usize,
        #[serde(flatten)]
        reject: &'a Reject,
    }
    sqlx::query("DELETE FROM upload_rejects WHERE upload_id = $1")
        .bind(upload.id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.clear_rejects"))?;
    let numbered: Vec<_> =
        rejects.iter().enumerate().map(|(position, reject)| Numbered { position, reject }).collect();
    sqlx::query(
        "INSERT INTO upload_rejects (org_id, upload_id, position, sheet, row, column_name, cell, value, code, message,
             suggestion)
         SELECT $1, $2, position, sheet, row, \"column\", cell, value, code, message, suggestion
         FROM json_to_recordset($3::text::json) AS r (position integer, sheet text, row integer, \"column\" text,
             cell text, value text, code text, message text, suggestion text)",
    )
    .bind(tenant.org().0)
    .bind(upload.id.0)
    .bind(without_nul(&numbered)?)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("booking.insert_rejects"))?;
    Ok(())
}

/// Replaces the controls of an earlier reading.
async fn write_controls(tenant: &mut Tenant, upload: &Upload, controls: &[Control]) -> Result<()> {
    sqlx::query("DELETE FROM upload_controls WHERE upload_id = $1")
        .bind(upload.id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.clear_controls"))?;
    sqlx::query(
        "INSERT INTO upload_controls (org_id, upload_id, position, name, sheet, cell, expected, actual, ok)
         SELECT $1, $2, position, name, sheet, cell, expected, actual, ok
         FROM unnest($3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::boolean[])
             WITH ORDINALITY AS c (name, sheet, cell, expected, actual, ok, position)",
    )
    .bind(tenant.org().0)
    .bind(upload.id.0)
    .bind(controls.iter().map(|control| control.name.as_str()).collect::<Vec<_>>())
    .bind(controls.iter().map(|control| control.sheet.as_deref()).collect::<Vec<_>>())
    .bind(controls.iter().map(|control| control.cell.as_deref()).collect::<Vec<_>>())
    .bind(controls.iter().map(|control| control.expected).collect::<Vec<Decimal>>())
    .bind(controls.iter().map(|control| control.actual).collect::<Vec<Decimal>>())
    .bind(controls.iter().map(|control| control.ok).collect::<Vec<_>>())
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("booking.insert_controls"))?;
    Ok(())
}
