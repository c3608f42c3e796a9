//! `GET /v1/users/{id}`

use data::members;
use domain::UserId;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{Context, view::View};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("users-get", "GET /v1/users/{id}", "Shows a user")
        .needs(&[Permission::UsersManage])
        .ok::<View>()
}

/// # Errors
/// 404 for somebody of another organisation or removed.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UsersManage)?;
        let user: UserId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let member = members::find(&mut tenant, user).await?.ok_or_else(ApiError::not_found)?;
        let version = member.version;
        Ok(Reply::ok(&View::from(member))?.with_version(version))
    })
}
