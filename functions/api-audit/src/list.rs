//! `GET /v1/audit`

use chrono::NaiveDate;
use data::audit::{self, Filter};
use domain::{Action, AuditOutcome};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use crate::{Context, views::EventView};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    action: Option<Action>,
    outcome: Option<AuditOutcome>,
    actor: Option<Uuid>,
    subject: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("audit-list", "GET /v1/audit", "Lists who did what, newest first")
        .needs(&[Permission::AuditRead])
        .query::<Query>()
        .ok::<Page<EventView>>()
}

/// Lists who did what, newest first.
///
/// # Errors
/// 400 for an unknown parameter, word, date or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AuditRead)?;
        let Query { action, outcome, actor, subject, from, to, limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let filter = Filter { action, outcome, actor, subject, from, to };
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = audit::list(&mut tenant, &filter, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |event| event.seq).map(EventView::from))
    })
}
