//! `GET /v1/retention-rules`

use data::retention;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::View;
use crate::Context;

#[derive(Serialize, JsonSchema)]
struct ListView {
    data: Vec<View>,
    next_cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "retention-rules-list",
        "GET /v1/retention-rules",
        "Lists how long things are kept that are no books",
    )
    .needs(&[Permission::RolesManage])
    .ok::<ListView>()
}

/// How long everything is kept that is no books.
///
/// # Errors
/// 403 without the permission.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rules = retention::list(&mut tenant).await?;
        Reply::ok(&ListView { data: rules.into_iter().map(View::from).collect(), next_cursor: None })
    })
}
