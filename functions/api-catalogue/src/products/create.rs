//! `POST /v1/products`

use data::{
    audit::{Event, Subject},
    catalogue, products,
};
use domain::{Action, Product, ProductKind};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::{Context, cells};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    ean: String,
    sku: Option<String>,
    name: Option<String>,
    category: Option<String>,
    #[serde(default = "regular")]
    kind: ProductKind,
    size: Option<String>,
    list_price_eur: Option<String>,
}

fn regular() -> ProductKind {
    ProductKind::Regular
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("products-create", "POST /v1/products", "Adds a product to the catalogue")
        .needs(&[Permission::CatalogueWrite])
        .body::<Body>()
        .once()
        .refuses(409, "product_exists", "A product with this EAN is in the catalogue.")
        .created::<View>()
}

/// Adds a product to the catalogue.
///
/// # Errors
/// 409 when the EAN is in it already, 422 with every field at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let body: Body = request.json()?;
        let mut fields = Vec::new();
        let ean = cells::ean(&body.ean)
            .map_err(|fault| fields.push(FieldError::new("/ean", fault.code, fault.message)))
            .unwrap_or_default();
        let Body { sku, name, category, kind, size, list_price_eur, .. } = body;
        let product = Product { ean, sku, name, category, kind, size, active: true };
        let product = super::checked(product, list_price_eur.as_deref(), &mut fields);
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        catalogue::lock(&mut tenant).await?;
        let reply = request
            .once(&mut tenant, async |tenant| {
                let ean = product.product.ean.clone();
                if products::find(tenant, &ean).await?.is_some() {
                    return Err(ApiError::conflict(
                        "product_exists",
                        "A product with this EAN is in the catalogue.",
                    ));
                }
                let created = super::write(tenant, product, principal.user_id).await?;
                request
                    .record(tenant, Event::new(Action::ProductCreated).about(Subject::new("product", ean)));
                Ok(View::from(created))
            })
            .await?;
        tenant.commit().await?;
        Ok(reply)
    })
}
