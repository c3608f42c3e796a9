//! Calls of language models: what they were for, what came of them, what they cost.

use std::time::Duration;

use domain::UploadId;
use sqlx::FromRow;

use crate::{Error, Result, Tenant};

/// What a model was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The layout of an upload.
    Layout(UploadId),
    /// What somebody's question means.
    Question,
}

/// A call of a model.
#[derive(Debug, Clone)]
pub struct NewCall<'a> {
    pub about: About,
    /// As configured.
    pub model: &'a str,
    /// A stable code.
    pub outcome: &'a str,
    /// In and out, as the service counts them; `None` when it does not say.
    pub tokens: Option<(u32, u32)>,
    pub took: Duration,
}

/// How often a model was asked about an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Calls {
    pub all: i64,
    /// Since the upload ended the last time.
    pub of_this_reading: i64,
}

/// Writes a call down.
///
/// # Errors
/// When the database fails.
pub async fn insert(tenant: &mut Tenant, call: &NewCall<'_>) -> Result<()> {
    let duration_ms = i64::try_from(call.took.as_millis()).unwrap_or(i64::MAX);
    let (purpose, upload) = match call.about {
        About::Layout(upload) => ("layout", Some(upload.0)),
        About::Question => ("question", None),
    };
    sqlx::query(
        "INSERT INTO model_calls (org_id, purpose, upload_id, model, outcome, input_tokens, output_tokens, duration_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(tenant.org().0)
    .bind(purpose)
    .bind(upload)
    .bind(call.model)
    .bind(call.outcome)
    .bind(call.tokens.map(|(input, _)| i64::from(input)))
    .bind(call.tokens.map(|(_, output)| i64::from(output)))
    .bind(duration_ms)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("model_calls.insert"))?;
    Ok(())
}

/// Counts the calls about an upload.
///
/// # Errors
/// When the database fails.
pub async fn count(tenant: &mut Tenant, upload: UploadId) -> Result<Calls> {
    sqlx::query_as(
        "SELECT count(*) AS \"all\", count(*) FILTER (WHERE c.created_at >= u.finished_at) AS of_this_reading
         FROM model_calls c JOIN uploads u ON u.id = c.upload_id WHERE c.upload_id = $1",
    )
    .bind(upload.0)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("model_calls.count"))
}
