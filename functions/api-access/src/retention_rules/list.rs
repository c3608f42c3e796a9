//! `GET /v1/retention-rules`

use data::retention;
use edge::{
    ApiError, Permission,
    http::{Reply, Request},
};
use serde::Serialize;

use super::View;
use crate::Context;

#[derive(Serialize)]
struct ListView {
    data: Vec<View>,
    next_cursor: Option<String>,
}

/// How long everything is kept that is no books.
///
/// # Errors
/// 403 without the permission.
pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::RolesManage)?;
    let mut tenant = ctx.database.tenant(&principal).await?;
    let rules = retention::list(&mut tenant).await?;
    Reply::ok(&ListView { data: rules.into_iter().map(View::from).collect(), next_cursor: None })
}
