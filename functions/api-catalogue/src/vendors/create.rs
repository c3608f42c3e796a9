//! `POST /v1/vendors`

use data::{
    audit::{Event, Subject},
    vendors::{self, NewVendor},
};
use domain::{Action, ReportLocale};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::{
    Context,
    cells::{self, Fault},
    words,
};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    /// Lower case letters, digits and `_`; it never changes.
    key: String,
    name: String,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Of the people who send its files: reminders go there.
    contact_email: Option<String>,
    contact_name: Option<String>,
    /// What they are written to in; `null`: English.
    contact_language: Option<ReportLocale>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("vendors-create", "POST /v1/vendors", "Makes a vendor known before its first file")
        .needs(&[Permission::CatalogueWrite])
        .body::<Body>()
        .once()
        .refuses(409, "vendor_exists", "A vendor with this key is known.")
        .created::<View>()
}

/// # Errors
/// 422 with every field at fault; 409 `vendor_exists`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let new = check(request.json()?)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let reply = request
            .once(&mut tenant, async |tenant| {
                if !vendors::insert(tenant, &new).await? {
                    return Err(ApiError::conflict("vendor_exists", "A vendor with this key is known."));
                }
                let vendor = vendors::find(tenant, &new.key).await?.ok_or_else(ApiError::not_found)?;
                request.record(
                    tenant,
                    Event::new(Action::VendorCreated).about(Subject::new("vendor", &new.key)),
                );
                Ok(View::from(vendor))
            })
            .await?;
        tenant.commit().await?;
        Ok(reply)
    })
}

fn check(body: Body) -> Result<NewVendor, ApiError> {
    let mut fields = Vec::new();
    let name = words::check("/name", &body.name, super::NAME_CHARS_MAX, &mut fields).to_owned();
    let contact_name = body
        .contact_name
        .map(|name| words::check("/contact_name", &name, super::NAME_CHARS_MAX, &mut fields).to_owned());
    let mut hold = |pointer: &str, read: Result<String, Fault>| {
        read.map_err(|fault| fields.push(FieldError::new(pointer, fault.code, fault.message))).ok()
    };
    let key = hold("/key", cells::vendor(&body.key));
    let country = body.country.and_then(|country| hold("/country", cells::country(&country)));
    let contact_email = body.contact_email.and_then(|email| hold("/contact_email", cells::email(&email)));
    let contact_language = body.contact_language.map(|language| language.as_str().to_owned());
    match key {
        Some(key) if fields.is_empty() => {
            Ok(NewVendor { key, name, country, contact_email, contact_name, contact_language })
        }
        _ => Err(ApiError::validation(fields)),
    }
}
