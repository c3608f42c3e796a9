//! `GET /v1/models`

use data::model_choices;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, available};
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "models-list",
        "GET /v1/models",
        "Lists the language models that there are, and those that are asked",
    )
    .needs(&[Permission::AnalyticsRead])
    .ok::<View>()
}

/// Lists the models.
///
/// # Errors
/// 403 without the permission.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        Reply::ok(&View { available: available(ctx), chosen: model_choices::get(&mut tenant).await? })
    })
}
