//! DELETE /v1/catalogue/store-aliases/{id}

use data::{
    audit::{Event, Subject},
    stores::{self, SpellingWithdrawn},
};
use domain::Action;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use crate::Context;

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    id: Uuid,
    /// Rows that show again what they print.
    rows_returned: u64,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "store-aliases-withdraw",
        "DELETE /v1/catalogue/store-aliases/{id}",
        "Takes a spelling away from its store",
    )
    .needs(&[Permission::CatalogueWrite])
    .refuses(409, "alias_withdrawn", "This spelling was taken away or moved before.")
    .ok::<View>()
}

/// Takes a spelling away from its store.
///
/// # Errors
/// 404 for an id that does not exist here, 409 when it holds no more.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let id: Uuid = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        match stores::withdraw(&mut tenant, id, principal.user_id).await? {
            SpellingWithdrawn::Unknown => Err(ApiError::not_found()),
            SpellingWithdrawn::Before => {
                Err(ApiError::conflict("alias_withdrawn", "This spelling was taken away or moved before."))
            }
            SpellingWithdrawn::Done { rows_returned } => {
                request.record(
                    &mut tenant,
                    Event::new(Action::StoreAliasWithdrawn).about(Subject::new("store_alias", id)),
                );
                tenant.commit().await?;
                tracing::info!(store_alias.id = %id, rows.returned = rows_returned, "spelling withdrawn");
                Reply::ok(&View { id, rows_returned })
            }
        }
    })
}
