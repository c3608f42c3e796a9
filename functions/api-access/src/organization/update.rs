//! `PATCH /v1/organization`

use data::{audit::Event, organizations};
use domain::{Action, is_name};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{View, brand};
use crate::Context;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OrganizationChange")]
struct Body {
    name: Option<String>,
    #[schemars(range(min = 1, max = 12))]
    fiscal_year_begins: Option<i16>,
    time_zone: Option<String>,
    /// What reports call the organisation; `null`: by its name.
    #[serde(default, deserialize_with = "edge::http::said")]
    #[schemars(with = "Option<String>")]
    brand_name: Option<Option<String>>,
    /// Of headings and charts in reports, for example `#1D4E89`; `null`: the usual one.
    #[serde(default, deserialize_with = "edge::http::said")]
    #[schemars(with = "Option<String>")]
    brand_colour: Option<Option<String>>,
    /// A PNG or JPEG picture in base64, at most 1 MB and 6,000 pixels each way; `null` takes it away.
    #[serde(default, deserialize_with = "edge::http::said")]
    #[schemars(with = "Option<String>")]
    brand_logo: Option<Option<String>>,
    /// Whether to keep a keyed hash of who buys in the web shop, so that customers can be counted. `false`, as it is in the
    /// beginning, drops everything about buyers; what was kept before is gone at once.
    keeps_buyers: Option<bool>,
}

/// What is wrong with the fields, and the logo among them.
fn check(body: &Body, fields: &mut Vec<FieldError>) -> Option<Vec<u8>> {
    if body.name.as_deref().is_some_and(|name| !is_name(name)) {
        fields.push(FieldError::new("/name", "invalid", "A name has 1 to 200 visible characters."));
    }
    if body.brand_name.iter().flatten().any(|name| !is_name(name)) {
        fields.push(FieldError::new("/brand_name", "invalid", "A name has 1 to 200 visible characters."));
    }
    if body.fiscal_year_begins.is_some_and(|month| !(1..=12).contains(&month)) {
        fields.push(FieldError::new("/fiscal_year_begins", "invalid", "A month is 1 to 12."));
    }
    let logo = body.brand_logo.iter().flatten().next()?;
    brand::logo(logo).map_err(|error| fields.push(error)).ok()
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "organization-update",
        "PATCH /v1/organization",
        "Changes the settings of the caller's organisation",
    )
    .details("Figures by fiscal year follow at once; reports look like the brand from now on.")
    .needs(&[Permission::RolesManage])
    .body::<Body>()
    .if_match()
    .ok::<View>()
}

/// Changes what is given.
///
/// # Errors
/// 422 with every field at fault, 428 and 412 by `If-Match`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut settings = organizations::settings(&mut tenant).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(settings.version)?;
        let mut fields = Vec::new();
        let logo = check(&body, &mut fields);
        if let Some(zone) = &body.time_zone
            && (zone.contains('\0') || !organizations::knows_time_zone(&mut tenant, zone).await?)
        {
            fields.push(FieldError::new(
                "/time_zone",
                "unknown",
                "A time zone is an IANA name, for example Europe/Berlin.",
            ));
        }
        if let Some(colour) = body.brand_colour {
            match colour.as_deref().map(brand::colour).transpose() {
                Ok(colour) => settings.brand_colour = colour,
                Err(error) => fields.push(error),
            }
        }
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        settings.name = body.name.unwrap_or(settings.name);
        settings.fiscal_year_begins = body.fiscal_year_begins.unwrap_or(settings.fiscal_year_begins);
        settings.time_zone = body.time_zone.unwrap_or(settings.time_zone);
        settings.brand_name = body.brand_name.unwrap_or(settings.brand_name);
        settings.has_logo = body.brand_logo.map_or(settings.has_logo, |logo| logo.is_some());
        settings.keeps_buyers = body.keeps_buyers.unwrap_or(settings.keeps_buyers);
        if !organizations::update(&mut tenant, &settings, logo.as_deref()).await? {
            return Err(ApiError::precondition_failed());
        }
        settings.version += 1;
        let event =
            Event::new(Action::OrganizationUpdated).with("fiscal_year_begins", settings.fiscal_year_begins);
        let event =
            event.with("time_zone", settings.time_zone.as_str()).with("keeps_buyers", settings.keeps_buyers);
        request.record(&mut tenant, event);
        tenant.commit().await?;
        let version = settings.version;
        Ok(Reply::ok(&View::from(settings))?.with_version(version))
    })
}
