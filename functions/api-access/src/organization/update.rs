//! `PATCH /v1/organization`

use data::{audit::Event, organizations};
use domain::{Action, is_name};
use edge::{
    ApiError, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::Context;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OrganizationChange")]
struct Body {
    name: Option<String>,
    #[schemars(range(min = 1, max = 12))]
    fiscal_year_begins: Option<i16>,
    time_zone: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "organization-update",
        "PATCH /v1/organization",
        "Changes the settings of the caller's organisation",
    )
    .details("Figures by fiscal year follow at once.")
    .needs(&[Permission::RolesManage])
    .body::<Body>()
    .if_match()
    .ok::<View>()
}

/// Changes what is given.
///
/// # Errors
/// 422 with every field at fault, 428 and 412 by `If-Match`.
pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::RolesManage)?;
    let Body { name, fiscal_year_begins, time_zone } = request.json()?;
    let mut tenant = ctx.database.tenant(&principal).await?;
    let mut settings = organizations::settings(&mut tenant).await?.ok_or_else(ApiError::not_found)?;
    request.if_match(settings.version)?;
    let mut fields = Vec::new();
    if name.as_deref().is_some_and(|name| !is_name(name)) {
        fields.push(FieldError::new("/name", "invalid", "A name has 1 to 200 visible characters."));
    }
    if fiscal_year_begins.is_some_and(|month| !(1..=12).contains(&month)) {
        fields.push(FieldError::new("/fiscal_year_begins", "invalid", "A month is 1 to 12."));
    }
    if let Some(zone) = &time_zone
        && (zone.contains('\0') || !organizations::knows_time_zone(&mut tenant, zone).await?)
    {
        fields.push(FieldError::new(
            "/time_zone",
            "unknown",
            "A time zone is an IANA name, for example Europe/Berlin.",
        ));
    }
    if !fields.is_empty() {
        return Err(ApiError::validation(fields));
    }
    settings.name = name.unwrap_or(settings.name);
    settings.fiscal_year_begins = fiscal_year_begins.unwrap_or(settings.fiscal_year_begins);
    settings.time_zone = time_zone.unwrap_or(settings.time_zone);
    if !organizations::update(&mut tenant, &settings).await? {
        return Err(ApiError::precondition_failed());
    }
    settings.version += 1;
    let event =
        Event::new(Action::OrganizationUpdated).with("fiscal_year_begins", settings.fiscal_year_begins);
    request.record(&mut tenant, event.with("time_zone", settings.time_zone.as_str()));
    tenant.commit().await?;
    let version = settings.version;
    Ok(Reply::ok(&View::from(settings))?.with_version(version))
}
