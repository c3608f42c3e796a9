//! `GET /v1/email-suppressions`

use chrono::{DateTime, Utc};
use data::suppressions::{self, Suppression};
use domain::{SuppressionId, SuppressionReason};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Context;

/// An address that gets no mail any more.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "EmailSuppression")]
struct View {
    id: SuppressionId,
    address: String,
    reason: SuppressionReason,
    /// The words of the other mail server.
    detail: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<Suppression> for View {
    fn from(suppression: Suppression) -> Self {
        let Suppression { id, address, reason, detail, created_at } = suppression;
        Self { id, address, reason, detail, created_at }
    }
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "suppressions-list",
        "GET /v1/email-suppressions",
        "Lists addresses that get no mail any more, newest first",
    )
    .needs(&[Permission::EmailsRead])
    .query::<Paging>()
    .ok::<Page<View>>()
}

/// Lists suppressed addresses.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::EmailsRead)?;
        let Paging { limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = suppressions::list(&mut tenant, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |suppression| suppression.id).map(View::from))
    })
}
