//! `PATCH /v1/products/{ean}`

use data::{
    audit::{Event, Subject},
    catalogue, products,
};
use domain::{Action, Product, ProductKind};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request, said},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::Context;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(default, deserialize_with = "said")]
    sku: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    category: Option<Option<String>>,
    kind: Option<ProductKind>,
    #[serde(default, deserialize_with = "said")]
    size: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    list_price_eur: Option<Option<String>>,
    /// `false` archives it.
    active: Option<bool>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("products-update", "PATCH /v1/products/{ean}", "Changes a product; booked rows follow")
        .path_text("ean", "9529843000349", "13 digits.")
        .needs(&[Permission::CatalogueWrite])
        .body::<Body>()
        .if_match()
        .ok::<View>()
}

/// Changes a product; booked rows whose line class or match follows from it are restated.
///
/// # Errors
/// 404 for an EAN that is not in the catalogue, 422 with every field at fault, 428 and 412 by `If-Match`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let ean: String = request.path("ean")?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        catalogue::lock(&mut tenant).await?;
        let known = products::find(&mut tenant, &ean).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(known.version)?;
        let before = known.product;
        let product = Product {
            ean: before.ean,
            sku: body.sku.unwrap_or(before.sku),
            name: body.name.unwrap_or(before.name),
            category: body.category.unwrap_or(before.category),
            kind: body.kind.unwrap_or(before.kind),
            size: body.size.unwrap_or(before.size),
            active: body.active.unwrap_or(before.active),
        };
        let price = body.list_price_eur.unwrap_or(known.list_price_eur.map(|price| price.to_string()));
        let mut fields = Vec::new();
        let product = super::checked(product, price.as_deref(), &mut fields);
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let changed = super::write(&mut tenant, product, principal.user_id).await?;
        request.record(&mut tenant, Event::new(Action::ProductUpdated).about(Subject::new("product", &ean)));
        tenant.commit().await?;
        let version = changed.version;
        Ok(Reply::ok(&View::from(changed))?.with_version(version))
    })
}
