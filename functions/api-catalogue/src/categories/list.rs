//! `GET /v1/categories`

use data::categories::{self, Category};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::Context;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Categories")]
struct View {
    data: Vec<Category>,
    /// Always `null`: nobody has more categories than one answer holds.
    next_cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "categories-list",
        "GET /v1/categories",
        "Lists the categories of the catalogue, with how many products have them",
    )
    .needs(&[Permission::SalesRead])
    .ok::<View>()
}

/// Lists categories by name.
///
/// # Errors
/// 403 without the permission.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        Reply::ok(&View { data: categories::list(&mut tenant).await?, next_cursor: None })
    })
}
