//! `GET /v1/products`

use data::{
    exports::Selection,
    products::{self, Filter},
};
use domain::{ExportFormat, NumberStyle, ProductKind};
use edge::{
    ApiError, Boxed, Permission,
    http::{Download, Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::Context;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    /// A part of the EAN, the SKU or the name.
    q: Option<String>,
    category: Option<String>,
    kind: Option<ProductKind>,
    active: Option<bool>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
    /// All of them as a file, where that is short.
    format: Option<ExportFormat>,
    locale: Option<NumberStyle>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        Operation::new("products-list", "GET /v1/products", "Lists products by EAN")
            .needs(&[Permission::SalesRead])
            .query::<Query>()
            .ok::<Page<View>>(),
    )
}

/// Lists products by EAN.
///
/// # Errors
/// 400 for a parameter or cursor at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let Query { q, category, kind, active, limit, cursor, format, locale } = request.query()?;
        let wanted = Download { format, locale }.wanted()?;
        let after: Option<String> = page::decode(cursor.as_deref())?;
        let filter = Filter { text: q, category, kind, active };
        if let Some(wanted) = wanted {
            let tenant = ctx.database.copying(&principal).await?;
            return request.download(tenant, &Selection::Products(filter), wanted).await;
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = products::list(&mut tenant, &filter, limit.probe(), after.as_deref()).await?;
        Reply::ok(&Page::new(rows, limit, |listed| listed.product.ean.clone()).map(View::from))
    })
}
