//! Rejected rows and controls of an upload.

use std::collections::HashMap;

use domain::{Control, Reject, UploadId, UploadStatus};
use rust_decimal::Decimal;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Error, Result, Tenant};

#[derive(FromRow)]
struct RejectRow {
    position: i32,
    sheet: Option<String>,
    row: i32,
    column_name: Option<String>,
    cell: Option<String>,
    value: Option<String>,
    code: String,
    message: String,
    suggestion: Option<String>,
}

/// Rejects in the order of the file, each with its position: at most `limit`, beginning after position `after`.
///
/// # Errors
/// When the database fails.
pub async fn rejects(
    tenant: &mut Tenant,
    upload: UploadId,
    limit: u32,
    after: Option<i32>,
) -> Result<Vec<(i32, Reject)>> {
    let rows: Vec<RejectRow> = sqlx::query_as(
        "SELECT position, sheet, row, column_name, cell, value, code, message, suggestion FROM upload_rejects
         WHERE upload_id = $1 AND ($2::integer IS NULL OR position > $2) ORDER BY position LIMIT $3",
    )
    .bind(upload.0)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("uploads.rejects"))?;
    Ok(rows.into_iter().map(|row| (row.position, row.into())).collect())
}

/// Which rejects to list.
#[derive(Debug, Clone, Default)]
pub struct RejectFilter {
    pub vendor: Option<String>,
    pub code: Option<String>,
    pub upload: Option<UploadId>,
}

/// A reject with the upload it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxReject {
    pub upload: UploadId,
    pub position: i32,
    pub file_name: String,
    pub vendor: Option<String>,
    pub status: UploadStatus,
    pub reject: Reject,
}

/// Rejects of uploads that are booked or held, newest upload first: at most `limit`, beginning after one of them.
///
/// # Errors
/// When the database fails.
pub async fn reject_inbox(
    tenant: &mut Tenant,
    filter: &RejectFilter,
    limit: u32,
    after: Option<(UploadId, i32)>,
) -> Result<Vec<InboxReject>> {
    #[derive(FromRow)]
    struct Row {
        upload_id: Uuid,
        file_name: String,
        vendor: Option<String>,
        status: String,
        #[sqlx(flatten)]
        reject: RejectRow,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT r.upload_id, u.file_name, u.vendor, u.status, r.position, r.sheet, r.row, r.column_name, r.cell,
             r.value, r.code, r.message, r.suggestion
         FROM upload_rejects r JOIN uploads u ON u.id = r.upload_id
         WHERE r.org_id = $1 AND u.status IN ('completed', 'needs_review')
             AND ($2::text IS NULL OR u.vendor = $2) AND ($3::text IS NULL OR r.code = $3)
             AND ($4::uuid IS NULL OR r.upload_id = $4)
             AND ($5::uuid IS NULL OR r.upload_id < $5 OR (r.upload_id = $5 AND r.position > $6))
         ORDER BY r.upload_id DESC, r.position LIMIT $7",
    )
    .bind(tenant.org().0)
    .bind(&filter.vendor)
    .bind(&filter.code)
    .bind(filter.upload.map(|id| id.0))
    .bind(after.map(|(upload, _)| upload.0))
    .bind(after.map(|(_, position)| position))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("uploads.reject_inbox"))?;
    let reject = |row: Row| {
        Ok(InboxReject {
            upload: UploadId(row.upload_id),
            position: row.reject.position,
            file_name: row.file_name,
            vendor: row.vendor,
            status: row.status.parse().map_err(Error::stored("uploads.reject_inbox"))?,
            reject: row.reject.into(),
        })
    };
    rows.into_iter().map(reject).collect()
}

impl From<RejectRow> for Reject {
    fn from(row: RejectRow) -> Self {
        Self {
            sheet: row.sheet,
            row: row.row.unsigned_abs(),
            column: row.column_name,
            cell: row.cell,
            value: row.value,
            code: row.code,
            message: row.message,
            suggestion: row.suggestion,
        }
    }
}

#[derive(FromRow)]
struct ControlRow {
    name: String,
    sheet: Option<String>,
    cell: Option<String>,
    expected: Decimal,
    actual: Decimal,
    ok: bool,
}

/// Every control of an upload, in the order of the file.
///
/// # Errors
/// When the database fails.
pub async fn controls(tenant: &mut Tenant, upload: UploadId) -> Result<Vec<Control>> {
    let rows: Vec<ControlRow> = sqlx::query_as(
        "SELECT name, sheet, cell, expected, actual, ok FROM upload_controls WHERE upload_id = $1 ORDER BY position",
    )
    .bind(upload.0)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("uploads.controls"))?;
    Ok(rows.into_iter().map(Control::from).collect())
}

/// At most `most` controls of each of several uploads: those that do not tie first, then in the order of the file.
///
/// # Errors
/// When the database fails.
pub async fn first_controls(
    tenant: &mut Tenant,
    uploads: &[UploadId],
    most: u32,
) -> Result<HashMap<UploadId, Vec<Control>>> {
    #[derive(FromRow)]
    struct Row {
        upload_id: Uuid,
        #[sqlx(flatten)]
        control: ControlRow,
    }
    let ids: Vec<Uuid> = uploads.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT upload_id, name, sheet, cell, expected, actual, ok
         FROM unnest($1::uuid[]) AS wanted (id), LATERAL (
             SELECT * FROM upload_controls WHERE upload_id = wanted.id ORDER BY ok, position LIMIT $2
         ) AS found",
    )
    .bind(&ids)
    .bind(i64::from(most))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("uploads.first_controls"))?;
    let mut controls: HashMap<UploadId, Vec<Control>> = HashMap::new();
    for row in rows {
        controls.entry(UploadId(row.upload_id)).or_default().push(row.control.into());
    }
    Ok(controls)
}

impl From<ControlRow> for Control {
    fn from(row: ControlRow) -> Self {
        Self {
            name: row.name,
            sheet: row.sheet,
            cell: row.cell,
            expected: row.expected,
            actual: row.actual,
            ok: row.ok,
        }
    }
}
