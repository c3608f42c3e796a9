//! `GET /v1/late-files`

use data::late_files::{self, Filter};
use domain::ReminderStatus;
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    vendor: Option<String>,
    /// What became of the reminder.
    reminder: Option<ReminderStatus>,
    /// `false`: those that are still late.
    settled: Option<bool>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("late-files-list", "GET /v1/late-files", "Lists vendors' files that were late, newest first")
        .details(
            "When a file is late follows from what its vendor usually does: its rhythm, its usual delay, and a grace. Known gaps, archived \
             vendors and vendors that stopped long ago are not late.",
        )
        .needs(&[Permission::AnalyticsRead])
        .query::<Query>()
        .ok::<Page<View>>()
}

/// # Errors
/// 400 for a parameter or cursor at fault.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let Query { vendor, reminder, settled, limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let filter = Filter { vendor: vendor.as_deref(), reminder, settled };
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = late_files::list(&mut tenant, &filter, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |late| late.id).map(View::from))
    })
}
