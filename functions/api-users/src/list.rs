//! `GET /v1/users`: everybody of the organisation, newest first.

use data::members;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};

use crate::{Context, view::View};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("users-list", "GET /v1/users", "Lists everybody of the organisation, newest first")
        .needs(&[Permission::UsersManage])
        .query::<Paging>()
        .ok::<Page<View>>()
}

/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UsersManage)?;
        let Paging { limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = members::list(&mut tenant, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |member| member.id).map(View::from))
    })
}
