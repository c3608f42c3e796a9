//! DELETE /v1/catalogue/aliases/{id}

use data::{
    audit::{Event, Subject},
    product_aliases::{self, Withdrawn},
};
use domain::Action;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use uuid::Uuid;

use super::View;
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "aliases-withdraw",
        "DELETE /v1/catalogue/aliases/{id}",
        "Takes a decision back: rows say again what they said without it",
    )
    .details("It stays in the history.")
    .needs(&[Permission::CatalogueWrite])
    .refuses(409, "alias_withdrawn", "This decision was taken back or replaced before.")
    .ok::<View>()
}

/// Takes a decision back: rows say again what they said without it. It stays in the history.
///
/// # Errors
/// 404 for an id that does not exist here, 409 when it holds no more.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let id: Uuid = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        match product_aliases::withdraw(&mut tenant, id, principal.user_id).await? {
            Withdrawn::Unknown => Err(ApiError::not_found()),
            Withdrawn::Before => {
                Err(ApiError::conflict("alias_withdrawn", "This decision was taken back or replaced before."))
            }
            Withdrawn::Done(alias) => {
                request
                    .record(&mut tenant, Event::new(Action::AliasWithdrawn).about(Subject::new("alias", id)));
                tenant.commit().await?;
                tracing::info!(alias.id = %id, rows.returned = alias.rows_returned, "alias withdrawn");
                Reply::ok(&View::from(alias))
            }
        }
    })
}
