//! `GET /v1/roles`

use data::roles;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
    page::Page,
};

use super::View;
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("roles-list", "GET /v1/roles", "Lists all roles").ok::<Page<View>>()
}

/// Lists all roles: there are never many.
///
/// # Errors
/// 401 without a caller.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.principal()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let data = roles::list(&mut tenant).await?.into_iter().map(View::from).collect();
        Reply::ok(&Page { data, next_cursor: None })
    })
}
