//! `PUT /v1/prices/{ean}/{valid_from}`

use chrono::NaiveDate;
use data::{
    audit::{Event, Subject},
    catalogue, product_prices,
};
use domain::{Action, ListPrice};
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
#[schemars(rename = "PriceChange")]
struct Body {
    /// Euro, VAT included.
    #[schemars(example = "196.00")]
    price_eur: String,
    /// Last day, inclusive; without it the price holds until further notice.
    valid_to: Option<NaiveDate>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "prices-set",
        "PUT /v1/prices/{ean}/{valid_from}",
        "Sets the list price that a product has from a day on",
    )
    .details(
        "Booked rows that are valued by it follow. `If-Match` is asked for where there is a price already.",
    )
    .path_text("ean", "9529843000349", "13 digits.")
    .path_text("valid_from", "2026-01-01", "First day.")
    .needs(&[Permission::CatalogueWrite])
    .body::<Body>()
    .if_match()
    .ok::<View>()
    .refuses(409, "range_overlaps", "Another price holds on some of these days: end that one first.")
}

/// Sets a price; booked rows that are valued by it follow.
///
/// # Errors
/// 422 with the field at fault, 409 `range_overlaps`, 428 and 412 by `If-Match` for a price that is there already.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let (ean, valid_from) = super::named(&request)?;
        let body: Body = request.json()?;
        let price_eur = cells::price(&body.price_eur)
            .map_err(|fault| ApiError::field("/price_eur", fault.code, fault.message))?;
        if body.valid_to.is_some_and(|last| last < valid_from) {
            let field = FieldError::new("/valid_to", "range_reversed", "valid_to lies before valid_from.");
            return Err(ApiError::validation(vec![field]));
        }
        let price = ListPrice { ean: ean.clone(), price_eur, valid_from, valid_to: body.valid_to };
        let mut tenant = ctx.database.tenant(&principal).await?;
        catalogue::lock(&mut tenant).await?;
        if let Some(known) = product_prices::find(&mut tenant, &ean, valid_from).await? {
            request.if_match(known.version)?;
        }
        let others = product_prices::of_products(&mut tenant, &[&ean]).await?;
        if let Some(other) =
            others.iter().find(|other| other.valid_from != valid_from && overlaps(other, &price))
        {
            let detail =
                format!("It overlaps the price that holds from {}; end that one first.", other.valid_from);
            return Err(ApiError::conflict("range_overlaps", detail));
        }
        product_prices::import(&mut tenant, std::slice::from_ref(&price)).await?;
        let set =
            product_prices::find(&mut tenant, &ean, valid_from).await?.ok_or_else(ApiError::not_found)?;
        let event =
            Event::new(Action::PriceUpdated).about(Subject::new("price", format!("{ean}/{valid_from}")));
        request.record(&mut tenant, event.with("price_eur", price_eur.to_string()));
        tenant.commit().await?;
        let version = set.version;
        Ok(Reply::ok(&View::from(set))?.with_version(version))
    })
}

/// Whether both hold on some day.
fn overlaps(one: &ListPrice, other: &ListPrice) -> bool {
    let last = |price: &ListPrice| price.valid_to.unwrap_or(NaiveDate::MAX);
    one.valid_from <= last(other) && other.valid_from <= last(one)
}
