//! `GET /v1/organization`

use data::organizations;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};

use super::View;
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "organization-get",
        "GET /v1/organization",
        "Shows the settings of the caller's organisation",
    )
    .ok::<View>()
}

/// Shows the settings.
///
/// # Errors
/// 401 without a caller.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.principal()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let settings = organizations::settings(&mut tenant).await?.ok_or_else(ApiError::not_found)?;
        let version = settings.version;
        Ok(Reply::ok(&View::from(settings))?.with_version(version))
    })
}
