//! POST /v1/catalogue/stores

use data::{
    audit::{Event, Subject},
    stores::{self, Details},
};
use domain::{Action, StoreKind};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::View;
use crate::{Context, words};

/// Spellings in one request: a person ticks them off a list.
const SPELLINGS_MAX: usize = 200;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    vendor: String,
    name: String,
    #[serde(default)]
    spellings: Vec<String>,
    #[serde(default, deserialize_with = "edge::http::said")]
    kind: Option<Option<StoreKind>>,
    #[serde(default, deserialize_with = "edge::http::said")]
    city: Option<Option<String>>,
    #[serde(default, deserialize_with = "edge::http::said")]
    country: Option<Option<String>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Confirmed {
    #[serde(flatten)]
    store: View,
    /// Rows of the books that changed.
    rows_changed: u64,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("stores-confirm", "POST /v1/catalogue/stores", "Says that spellings are one store")
        .details("Every row of every upload that prints one of them follows at once; rows keep what they print. The same again changes nothing.")
        .needs(&[Permission::CatalogueWrite])
        .body::<Body>()
        .ok::<Confirmed>()
}

/// Says that spellings are one store. Every row of every upload that prints one of them follows at once; rows keep what
/// they print. The same again changes nothing.
///
/// # Errors
/// 422 with every field at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let Body { vendor, name, spellings, kind, city, country } = request.json()?;
        let mut fields = Vec::new();
        let vendor = words::check("/vendor", &vendor, words::VENDOR_CHARS_MAX, &mut fields);
        let name = words::check("/name", &name, words::NAME_CHARS_MAX, &mut fields);
        for (place, spelling) in spellings.iter().enumerate() {
            words::check(&format!("/spellings/{place}"), spelling, words::NAME_CHARS_MAX, &mut fields);
        }
        if spellings.len() > SPELLINGS_MAX {
            let message = format!("At most {SPELLINGS_MAX} spellings at once.");
            fields.push(FieldError::new("/spellings", "too_many", message));
        }
        let details = Details { kind, city, country, archived: None };
        super::check(&details, &mut fields);
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        let (store, rows_changed) =
            stores::confirm(&mut tenant, vendor, name, &spellings, &details, principal.user_id).await?;
        request
            .record(&mut tenant, Event::new(Action::StoreConfirmed).about(Subject::new("store", store.id)));
        tenant.commit().await?;
        tracing::info!(store.id = %store.id, rows.changed = rows_changed, "store confirmed");
        Reply::ok(&Confirmed { store: View::from(store), rows_changed })
    })
}
