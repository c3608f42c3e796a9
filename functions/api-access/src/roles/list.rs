//! `GET /v1/roles`

use data::roles;
use edge::{
    ApiError,
    http::{Reply, Request},
    page::Page,
};

use super::View;
use crate::Context;

/// Lists all roles: there are never many.
///
/// # Errors
/// 401 without a caller.
pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.principal()?;
    let mut tenant = ctx.database.tenant(&principal).await?;
    let data = roles::list(&mut tenant).await?.into_iter().map(View::from).collect();
    Reply::ok(&Page { data, next_cursor: None })
}
