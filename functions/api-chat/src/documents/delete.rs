//! `DELETE /v1/documents/{id}`

use data::{
    audit::{Event, Subject},
    documents,
};
use domain::{Action, DocumentId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("documents-delete", "DELETE /v1/documents/{id}", "Takes a document away")
        .needs(&[Permission::AnalyticsRead, Permission::CatalogueWrite])
        .no_content()
}

/// Takes a document away, and what was found in it.
///
/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        request.require(Permission::CatalogueWrite)?;
        let id: DocumentId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        if !documents::delete(&mut tenant, id).await? {
            return Err(ApiError::not_found());
        }
        request.record(&mut tenant, Event::new(Action::DocumentDeleted).about(Subject::new("document", id)));
        tenant.commit().await?;
        Ok(Reply::no_content())
    })
}
