//! PATCH /v1/catalogue/stores/{id}

use data::{
    audit::{Event, Subject},
    catalogue,
    stores::{self, Changed, Details},
};
use domain::{Action, StoreKind};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::View;
use crate::{Context, words};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    name: Option<String>,
    #[serde(default, deserialize_with = "edge::http::said")]
    kind: Option<Option<StoreKind>>,
    #[serde(default, deserialize_with = "edge::http::said")]
    city: Option<Option<String>>,
    #[serde(default, deserialize_with = "edge::http::said")]
    country: Option<Option<String>>,
    /// `true`: nobody is offered it any more; what it sold stays.
    archived: Option<bool>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "stores-update",
        "PATCH /v1/catalogue/stores/{id}",
        "Changes what a store is called and where it is, or puts it away",
    )
    .needs(&[Permission::CatalogueWrite])
    .body::<Body>()
    .if_match()
    .refuses(409, "store_name_taken", "Another store of this vendor has this name.")
    .ok::<View>()
}

/// Changes what a store is called and where it is.
///
/// # Errors
/// 404 for an id that does not exist here, 409 when another store of the vendor has the name, 422 with every field at
/// fault, 428 and 412 by `If-Match`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let id: Uuid = request.path("id")?;
        let Body { name, kind, city, country, archived } = request.json()?;
        let mut fields = Vec::new();
        let name =
            name.as_deref().map(|name| words::check("/name", name, words::NAME_CHARS_MAX, &mut fields));
        let details = Details { kind, city, country, archived };
        super::check(&details, &mut fields);
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        catalogue::lock(&mut tenant).await?;
        let known = stores::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(known.version)?;
        match stores::update(&mut tenant, id, name, &details, principal.user_id).await? {
            Changed::Unknown => Err(ApiError::not_found()),
            Changed::NameTaken => {
                Err(ApiError::conflict("store_name_taken", "Another store of this vendor has this name."))
            }
            Changed::Done(store) => {
                request
                    .record(&mut tenant, Event::new(Action::StoreUpdated).about(Subject::new("store", id)));
                tenant.commit().await?;
                tracing::info!(store.id = %id, "store changed");
                let version = store.version;
                Ok(Reply::ok(&View::from(*store))?.with_version(version))
            }
        }
    })
}
