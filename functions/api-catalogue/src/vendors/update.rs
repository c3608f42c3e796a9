//! `PATCH /v1/vendors/{key}`

use chrono::Utc;
use data::{
    audit::{Event, Subject},
    vendors,
};
use domain::{Action, ReportLocale};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request, said},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{NAME_CHARS_MAX, View};
use crate::{Context, cells, words};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    name: Option<String>,
    #[serde(default, deserialize_with = "said")]
    country: Option<Option<String>>,
    /// Of the people who send its files: reminders go there.
    #[serde(default, deserialize_with = "said")]
    contact_email: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    contact_name: Option<Option<String>>,
    /// What they are written to in; `null`: English.
    #[serde(default, deserialize_with = "said")]
    contact_language: Option<Option<ReportLocale>>,
    /// `true`: nobody waits for files of it any more; what it reported stays.
    archived: Option<bool>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "vendors-update",
        "PATCH /v1/vendors/{key}",
        "Changes what a vendor is called and where it sells",
    )
    .path_text("key", "liberty", "The vendor's key.")
    .needs(&[Permission::CatalogueWrite])
    .details(
        "Whoever may change this says who is reminded of late files, and that a vendor sends none any more.",
    )
    .body::<Body>()
    .if_match()
    .ok::<View>()
}

/// Changes what a vendor is called and where it sells.
///
/// # Errors
/// 404 for a vendor of whom nothing was booked, 422 with every field at fault, 428 and 412 by `If-Match`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let key: String = request.path("key")?;
        let body: Body = request.json()?;
        let mut fields = Vec::new();
        let name = body
            .name
            .as_deref()
            .map(|name| words::check("/name", name, NAME_CHARS_MAX, &mut fields).to_owned());
        if body.country.iter().flatten().any(|country| cells::country(country).is_err()) {
            fields.push(FieldError::new(
                "/country",
                "invalid",
                "A country has two capital letters, for example PL.",
            ));
        }
        if body.contact_email.iter().flatten().any(|email| cells::email(email).is_err()) {
            fields.push(FieldError::new("/contact_email", "invalid", "This is no e-mail address."));
        }
        let contact = body.contact_name.map(|name| {
            name.map(|name| words::check("/contact_name", &name, NAME_CHARS_MAX, &mut fields).to_owned())
        });
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut vendor = vendors::find(&mut tenant, &key).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(vendor.version)?;
        vendor.name = name.unwrap_or(vendor.name);
        vendor.country = body.country.unwrap_or(vendor.country);
        vendor.contact_email = body.contact_email.unwrap_or(vendor.contact_email);
        vendor.contact_name = contact.unwrap_or(vendor.contact_name);
        let language = body.contact_language.map(|said| said.map(|language| language.as_str().to_owned()));
        vendor.contact_language = language.unwrap_or(vendor.contact_language);
        vendor.archived_at = match body.archived {
            None => vendor.archived_at,
            Some(false) => None,
            Some(true) => vendor.archived_at.or_else(|| Some(Utc::now())),
        };
        if !vendors::update(&mut tenant, &vendor).await? {
            return Err(ApiError::precondition_failed());
        }
        let vendor = vendors::find(&mut tenant, &key).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, Event::new(Action::VendorUpdated).about(Subject::new("vendor", &key)));
        tenant.commit().await?;
        let version = vendor.version;
        Ok(Reply::ok(&View::from(vendor))?.with_version(version))
    })
}
