//! `GET /v1/alerts/{id}`

use data::alerts;
use domain::AlertId;
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, view};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("alerts-get", "GET /v1/alerts/{id}", "Shows an alert")
        .needs(&[Permission::AnalyticsRead])
        .ok::<View>()
}

/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: AlertId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let alert = alerts::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let version = alert.version;
        Ok(Reply::ok(&view(&mut tenant, alert).await?)?.with_version(version))
    })
}
