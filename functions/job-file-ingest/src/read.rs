//! Fetches a file, reads it and books it, all within the transaction of the caller.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use data::{
    Tenant,
    booking::{self, Ended},
    reference,
    uploads::Upload,
};
use domain::{Finding, MAX_FILE_BYTES, Reference, Report, SaleRow, UploadSource, UploadStatus};
use ingest::{Profile, Refusal};
use tokio::{sync::mpsc, task};

use crate::{Context, learn, profiles, source::Source};

/// Chunks of rows that may wait: the parser stops when the database is slower, so that memory stays bounded.
const CHUNKS_WAITING: usize = 4;

/// How a reading ended.
pub(crate) struct Read {
    pub(crate) ended: Ended,
    /// The profile that this upload put to use.
    pub(crate) learned: Option<Profile>,
}

impl From<Ended> for Read {
    fn from(ended: Ended) -> Self {
        Self { ended, learned: None }
    }
}

/// Ends the upload, or fails in a way that a later try may not.
pub(crate) async fn read(ctx: &Context, booking: &mut Tenant, upload: &Upload) -> anyhow::Result<Read> {
    let copy = match ctx.inbox.copy_locally(&upload.object_key, MAX_FILE_BYTES).await {
        Ok(copy) => copy,
        Err(error) => {
            let Some(finding) = unusable(&error) else { return Err(error).context("fetching the file") };
            return Ok(booking::reject(booking, upload, None, None, finding).await?.into());
        }
    };
    let sha256 = copy.fetched.sha256.as_str();
    if copy.fetched.size_bytes != upload.size_bytes {
        let finding = other_size(upload, copy.fetched.size_bytes);
        return Ok(booking::reject(booking, upload, Some(sha256), None, finding).await?.into());
    }
    if let Some(first) = booking::open(booking, upload.id, sha256).await? {
        return Ok(booking::end_as_duplicate(booking, upload, sha256, first).await?.into());
    }
    match parse(ctx, booking, upload, copy.path()).await? {
        Ok(report) => {
            tracing::info!(
                upload.id = %upload.id,
                upload.vendor = report.vendor.as_deref(),
                rows.accepted = report.rows.accepted,
                rows.rejected = report.rows.rejected,
                "file read"
            );
            let (ties, proposal) = (report.ties(), report.proposal.clone());
            let ended = booking::book(booking, upload, sha256, report).await?;
            let learned = match ended.status {
                UploadStatus::Completed => {
                    learn::remember(ctx, booking, upload, proposal.as_ref(), ties).await?
                }
                _ => None,
            };
            Ok(Read { ended, learned })
        }
        Err(refusal) => {
            let finding = finding(refusal.code, refusal.message);
            Ok(booking::reject(booking, upload, Some(sha256), refusal.vendor.as_deref(), finding)
                .await?
                .into())
        }
    }
}

/// Parses on a thread of its own while the rows flow into the database.
async fn parse(
    ctx: &Context,
    booking: &mut Tenant,
    upload: &Upload,
    path: &Path,
) -> anyhow::Result<Result<Report, Refusal>> {
    let mut known = reference::load(booking).await?;
    known.buyers = ctx.buyers.key(booking).await?;
    let reference = Reference::new(&known);
    let profiles = profiles::in_use(ctx, booking).await?;
    let source = Source::of(upload, path);
    let (sender, chunks) = mpsc::channel(CHUNKS_WAITING);
    let parsing = task::spawn_blocking(move || {
        let mut rows = booking::Rows::new();
        let mut emit = |row: &SaleRow| {
            if let Some(chunk) = rows.push(row) {
                // Fails only when the database did; the rows are lost with its transaction.
                let _ = sender.blocking_send(chunk);
            }
        };
        let outcome = ingest::parse(&source.input(), &profiles, &reference, &mut emit);
        let (last, statements) = rows.finish();
        let _ = sender.blocking_send(last);
        (outcome, statements)
    });
    let (staged, parsed) = tokio::join!(booking::stage(booking, chunks), parsing);
    // A panic in the parser is our fault, not the file's: it is tried again and fails in the end.
    let (outcome, statements) = parsed.map_err(|error| anyhow!("the parser stopped: {error}"))?;
    staged?;
    booking::state(booking, &statements).await?;
    Ok(outcome)
}

/// What the store says about the object, where that is final.
fn unusable(error: &cloud::Error) -> Option<Finding> {
    match error {
        cloud::Error::NotFound { .. } => Some(finding(
            "object_missing",
            "The file was deleted before it could be read. Please send it again.",
        )),
        cloud::Error::TooLarge { max_bytes, .. } => Some(finding(
            "file_too_large",
            format!(
                "The file is larger than {} MB, the most that Shelfline takes.",
                max_bytes / (1024 * 1024)
            ),
        )),
        _ => None,
    }
}

fn other_size(upload: &Upload, size_bytes: u64) -> Finding {
    let announced = upload.size_bytes;
    match upload.source {
        UploadSource::Api => finding(
            "size_mismatch",
            format!(
                "{announced} bytes were announced, but {size_bytes} arrived. Please send the file again."
            ),
        ),
        UploadSource::Drop => finding(
            "object_replaced",
            "The file was replaced by another one of the same name before it was read; that one is read by itself.",
        ),
    }
}

fn finding(code: &str, message: impl Into<String>) -> Finding {
    Finding { code: code.to_owned(), message: message.into() }
}
