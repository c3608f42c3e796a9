//! GET /v1/uploads/{id}/rejects

mod workbook;

use data::{
    Tenant,
    audit::Event,
    uploads::{self, Upload},
};
use domain::{Action, Reject, UploadId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::Context;

/// A download stays below the 6 MB that Lambda can answer, base64 included.
const DOWNLOAD_ROWS_MAX: u32 = 5_000;

/// Larger files are not read again behind a waiting browser; the workbook then has the list alone.
const ORIGINAL_BYTES_MAX: u64 = 100 * 1024 * 1024;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    format: Option<Format>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    Json,
    Csv,
    Xlsx,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "uploads-rejects",
        "GET /v1/uploads/{id}/rejects",
        "Lists or downloads the rows that could not be taken",
    )
    .details("The workbook marks them in the sender's own table for callers with `originals:read`, and lists them for others.")
    .needs(&[Permission::UploadsRead])
    .query::<Query>()
    .ok::<Page<domain::Reject>>()
    .download("text/csv; charset=utf-8")
    .download(XLSX)
}

/// Lists the rows that could not be taken, or downloads them: as CSV, or as a workbook that marks them in the sender's own
/// table for those who may see it.
///
/// # Errors
/// 404 for an id that does not exist here, 400 for an unknown format or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsRead)?;
        let id: UploadId = request.path("id")?;
        let Query { format, limit, cursor } = request.query()?;
        let mut tenant = ctx.db.tenant(&principal).await?;
        let upload = uploads::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        match format.unwrap_or(Format::Json) {
            Format::Json => {
                let after = page::decode(cursor.as_deref())?;
                let rows = uploads::rejects(&mut tenant, id, limit.probe(), after).await?;
                Reply::ok(&Page::new(rows, limit, |(position, _)| *position).map(|(_, reject)| reject))
            }
            Format::Csv => {
                let bytes = reporting::rejects::csv(&all(&mut tenant, id).await?)?;
                request.record(&mut tenant, downloaded(id, "csv"));
                tenant.commit().await?;
                Ok(Reply::file("text/csv; charset=utf-8", &format!("rejects-{id}.csv"), bytes))
            }
            Format::Xlsx => {
                let rejects = all(&mut tenant, id).await?;
                request.record(&mut tenant, downloaded(id, "xlsx"));
                // The connection is not held while the file is fetched and read.
                tenant.commit().await?;
                let shows_original = !rejects.is_empty() && principal.may(Permission::OriginalsRead);
                let original = if shows_original { original(ctx, &upload).await? } else { None };
                let bytes =
                    tokio::task::spawn_blocking(move || workbook::marked(&rejects, original)).await??;
                Ok(Reply::file(XLSX, &format!("rejects-{id}.xlsx"), bytes))
            }
        }
    })
}

fn downloaded(id: UploadId, format: &str) -> Event {
    Event::new(Action::RejectsDownloaded).about(id).with("format", format)
}

/// The file as it was read, or `None` when the bucket has it no more or another one under its name.
async fn original(ctx: &Context, upload: &Upload) -> Result<Option<cloud::LocalCopy>, ApiError> {
    match ctx.inbox.copy_locally(&upload.object_key, ORIGINAL_BYTES_MAX).await {
        Ok(copy) => Ok(Some(copy).filter(|copy| Some(&copy.fetched.sha256) == upload.sha256.as_ref())),
        Err(cloud::Error::NotFound { .. } | cloud::Error::TooLarge { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The rejects of a download; its last row says so when there are more.
async fn all(tenant: &mut Tenant, id: UploadId) -> Result<Vec<Reject>, ApiError> {
    let rows = uploads::rejects(tenant, id, DOWNLOAD_ROWS_MAX + 1, None).await?;
    let mut rejects: Vec<Reject> = rows.into_iter().map(|(_, reject)| reject).collect();
    if rejects.len() > DOWNLOAD_ROWS_MAX as usize
        && let Some(last) = rejects.last_mut()
    {
        let row = last.row;
        *last = Reject {
            sheet: None,
            row,
            column: None,
            cell: None,
            value: None,
            code: "more_rejects".to_owned(),
            message: format!("There are more than {DOWNLOAD_ROWS_MAX} rejects; the API lists them all."),
            suggestion: None,
        };
    }
    Ok(rejects)
}
