//! POST /v1/catalogue/aliases

use data::{
    audit::{Event, Subject},
    product_aliases::{self, Confirmed},
};
use domain::{Action, has_check_digit, normalise_ean};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::{Context, words};

/// `code` or `name` as it is printed; `ean`, or `ignore` for what is no product.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    vendor: String,
    code: Option<String>,
    name: Option<String>,
    ean: Option<String>,
    #[serde(default)]
    ignore: bool,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "aliases-confirm",
        "POST /v1/catalogue/aliases",
        "Says what a vendor's code or name stands for",
    )
    .details("Every row of every upload that prints it follows at once. The same again changes nothing.")
    .needs(&[Permission::CatalogueWrite])
    .body::<Body>()
    .created::<View>()
}

/// Says what a vendor's code or name stands for. Every row of every upload that prints it follows at once. The same again
/// changes nothing.
///
/// # Errors
/// 422 with every field at fault, `product_unknown` for an EAN that the catalogue does not have.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let body: Body = request.json()?;
        let (alias, ean) = check(&body)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let vendor = body.vendor.trim();
        match product_aliases::confirm(&mut tenant, vendor, alias, ean.as_deref(), principal.user_id).await? {
            Confirmed::Known(alias) => Reply::ok(&View::from(alias)),
            Confirmed::New(alias) => {
                request.record(
                    &mut tenant,
                    Event::new(Action::AliasConfirmed).about(Subject::new("alias", alias.id)),
                );
                tenant.commit().await?;
                tracing::info!(alias.id = %alias.id, rows.changed = alias.rows_changed, "alias confirmed");
                Reply::created(&View::from(alias))
            }
            Confirmed::UnknownProduct => {
                Err(ApiError::field("/ean", "product_unknown", "The catalogue has no product with this EAN."))
            }
        }
    })
}

/// The word, and what it stands for.
fn check(body: &Body) -> Result<(&str, Option<String>), ApiError> {
    let mut fields = Vec::new();
    words::check("/vendor", &body.vendor, words::VENDOR_CHARS_MAX, &mut fields);
    let word = match (&body.code, &body.name) {
        (Some(code), None) => words::check("/code", code, words::NAME_CHARS_MAX, &mut fields),
        (None, Some(name)) => words::check("/name", name, words::NAME_CHARS_MAX, &mut fields),
        _ => {
            fields.push(FieldError::new("/code", "one_of", "Give the code or the name, as it is printed."));
            ""
        }
    };
    let ean = match (&body.ean, body.ignore) {
        (Some(text), false) => {
            let ean = normalise_ean(text).filter(|ean| has_check_digit(ean));
            if ean.is_none() {
                fields.push(FieldError::new(
                    "/ean",
                    "ean_invalid",
                    "An EAN has 13 digits and its check digit.",
                ));
            }
            ean
        }
        (None, true) => None,
        _ => {
            fields.push(FieldError::new("/ean", "one_of", "Give the EAN, or ignore what is no product."));
            None
        }
    };
    if fields.is_empty() { Ok((word, ean)) } else { Err(ApiError::validation(fields)) }
}
