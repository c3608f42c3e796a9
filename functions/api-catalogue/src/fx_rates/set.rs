//! `PUT /v1/fx-rates/{currency}/{month}`

use data::{audit::Event, catalogue, fx_rates};
use domain::{Action, Rate};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::{Context, cells, words};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FxRateChange")]
struct Body {
    #[schemars(example = "1.145198")]
    eur_per_unit: String,
    /// Who says so.
    source: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "fx-rates-set",
        "PUT /v1/fx-rates/{currency}/{month}",
        "Sets the exchange rate of a month; booked amounts follow",
    )
    .details("`If-Match` is asked for where there is a rate already.")
    .path_text("currency", "GBP", "Three capital letters.")
    .path_text("month", "2026-01", "Year and month.")
    .needs(&[Permission::CatalogueWrite])
    .body::<Body>()
    .if_match()
    .ok::<View>()
}

/// Sets a rate; everything booked in its month and currency is converted by it in the same transaction.
///
/// # Errors
/// 404 for what is no currency or month, 422 with every field at fault, 428 and 412 by `If-Match` for a rate that is there already.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let (currency, month) = super::named(&request)?;
        let body: Body = request.json()?;
        let mut fields = Vec::new();
        let source = words::check("/source", &body.source, words::NAME_CHARS_MAX, &mut fields).to_owned();
        let rate = cells::rate(&body.eur_per_unit)
            .map_err(|fault| fields.push(FieldError::new("/eur_per_unit", fault.code, fault.message)));
        let (Ok(eur_per_unit), true) = (rate, fields.is_empty()) else {
            return Err(ApiError::validation(fields));
        };
        let mut tenant = ctx.database.tenant(&principal).await?;
        catalogue::lock(&mut tenant).await?;
        if let Some(known) = fx_rates::find(&mut tenant, currency, month).await? {
            request.if_match(known.version)?;
        }
        fx_rates::import(&mut tenant, &[Rate { month, currency, eur_per_unit, source }]).await?;
        let set = fx_rates::find(&mut tenant, currency, month).await?.ok_or_else(ApiError::not_found)?;
        let event = Event::new(Action::FxRateUpdated).about(super::subject(currency, month));
        request.record(&mut tenant, event.with("eur_per_unit", eur_per_unit.to_string()));
        tenant.commit().await?;
        let version = set.version;
        Ok(Reply::ok(&View::from(set))?.with_version(version))
    })
}
