//! DELETE /v1/known-gaps/{id}

use data::{
    audit::{Event, Subject},
    known_gaps,
};
use domain::{Action, KnownGapId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "known-gaps-delete",
        "DELETE /v1/known-gaps/{id}",
        "Forgets a gap: its days are missing again",
    )
    .needs(&[Permission::UploadsWrite])
    .no_content()
}

/// Forgets a gap: its days are missing again.
///
/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let id: KnownGapId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        if !known_gaps::delete(&mut tenant, id).await? {
            return Err(ApiError::not_found());
        }
        request.record(&mut tenant, Event::new(Action::KnownGapDeleted).about(Subject::new("known_gap", id)));
        tenant.commit().await?;
        tracing::info!(known_gap.id = %id, "known gap forgotten");
        Ok(Reply::no_content())
    })
}
